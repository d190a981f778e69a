import t from 'tap'
import { readFileLocks } from '../../../../src/kernel/processes/files/file-locks.ts'
import { fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'

const locksIn = (text?: string): readonly string[] => {
  const kernel = fakeKernel()
  if (text !== undefined) kernel.extra.set('/proc/locks', text)
  return [...readFileLocks(kernel)]
}

t.test('files that somebody has locked, by their keys', async (t) => {
  t.strictSame(
    locksIn(`1: FLOCK  ADVISORY  WRITE 1234 00:2a:5678 0 EOF
2: POSIX  ADVISORY  READ  77 fd:01:12 0 EOF
3: OFDLCK ADVISORY  WRITE -1 00:2a:9 0 0
4: LEASE  ACTIVE    WRITE 5 00:2b:1 0 EOF
4: -> LEASE  BREAKING  READ 6 00:2b:2 0 EOF
5: POSIX  *NOINODE* READ 7 <none>:0 0 EOF
`),
    ['00:2a:5678', 'fd:01:12', '00:2a:9', '00:2b:1'],
  )
})

t.test('none, and a machine that shows none', async (t) => {
  t.strictSame(locksIn(''), [])
  t.strictSame(locksIn(), [])
})
