import t from 'tap'
import { removedWords } from '../../../../src/model/processes/files/returned-words.ts'

t.test('what came back', async (t) => {
  const none = { pages: 0n, reservations: 0n, leftPool: 0n }
  t.equal(removedWords(2, none), 'removed 2 files: 0 pages came back')
  t.equal(
    removedWords(1, { pages: 1n, reservations: 1n, leftPool: 0n }),
    'removed 1 file: 1 page came back, 1 reservation ended',
  )
  t.equal(
    removedWords(3, { pages: 12n, reservations: 2n, leftPool: 4n }),
    'removed 3 files: 12 pages came back, 4 of them left the pools, as they were surplus, 2 reservations ended',
  )
})
