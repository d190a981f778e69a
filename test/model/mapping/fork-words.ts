import t from 'tap'
import { forkWords } from '../../../src/model/mapping/fork-words.ts'

t.test('what a child wrote', async (t) => {
  const none = undefined
  const fails = { page: 2n, errno: 'SIGBUS' }
  t.strictSame(
    [
      forkWords({ written: 3n, copied: 3n }, 'private', none),
      forkWords({ written: 1n, copied: 0n }, 'private', none),
      forkWords({ written: 2n, copied: 2n }, 'private', fails),
      forkWords({ written: 3n, copied: 0n }, 'shared', none),
      forkWords({ written: 3n, copied: 1n }, 'shared', none),
    ],
    [
      'a child wrote 3 pages, 3 of them copied for it',
      'a child wrote 1 page, 0 of them copied for it',
      'a child wrote 2 pages, 2 of them copied for it; page 2: SIGBUS',
      'a child wrote 3 pages, the same ones, so that no copy was needed',
      'a child wrote 3 pages, 1 of them copied for it',
    ],
  )
})
