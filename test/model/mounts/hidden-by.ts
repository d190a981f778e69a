import t from 'tap'
import { hiddenProcessesWords, hiddenProcessWords } from '../../../src/model/mounts/hidden-by.ts'

t.test('each reason has words of its own', async (t) => {
  t.strictSame(hiddenProcessesWords, {
    users: 'processes of other users, which /proc hides (hidepid)',
    namespace: 'processes outside this PID namespace, which /proc does not show',
    unmounted: 'processes, of which none is seen without /proc',
  })
  t.strictSame(hiddenProcessWords, {
    users: 'a process that /proc hides',
    namespace: 'a process outside this PID namespace, which /proc does not show',
    unmounted: 'any process, of which none is seen without /proc',
  })
})
