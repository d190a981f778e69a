import t from 'tap'
import { removedWords, returnedSum } from '../../../../src/model/processes/files/returned-words.ts'
import { poolOf } from '../../../helpers/run.ts'
import { M } from '../../../helpers/sizes.ts'

t.test('what came back of all pools', async (t) => {
  const size = 2n * M
  const before = [
    poolOf(size, { total: 8n, free: 2n, reserved: 1n, surplus: 4n }),
    poolOf(1024n * M, { total: 3n, free: 0n }),
    poolOf(32n * M, { total: 9n }),
  ]
  const after = [
    poolOf(size, { total: 4n, free: 1n, surplus: 0n }),
    poolOf(1024n * M, { total: 3n, free: 2n }),
  ]
  t.strictSame(returnedSum(before, after), { pages: 5n, reservations: 1n, leftPool: 4n })
})

t.test('what came back', async (t) => {
  const none = { pages: 0n, reservations: 0n, leftPool: 0n }
  t.equal(removedWords(2, none), 'removed 2 files: 0 pages came back')
  t.equal(
    removedWords(1, { pages: 1n, reservations: 1n, leftPool: 0n }),
    'removed 1 file: 1 page came back, 1 reservation ended',
  )
  t.equal(
    removedWords(1, { pages: 2n, reservations: 0n, leftPool: 1n }),
    'removed 1 file: 2 pages came back, 1 of them left the pools, as it was surplus',
  )
  t.equal(
    removedWords(3, { pages: 12n, reservations: 2n, leftPool: 4n }),
    'removed 3 files: 12 pages came back, 4 of them left the pools, as they were surplus, 2 reservations ended',
  )
})

t.test('of segments', async (t) => {
  const returned = { pages: 4n, reservations: 0n, leftPool: 0n }
  t.equal(removedWords(1, returned, 'segment'), 'removed 1 segment: 4 pages came back')
})
