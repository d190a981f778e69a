import t from 'tap'
import { cpusetRefusal } from '../../src/operations/cpuset-refusal.ts'

t.test('what a cpuset refuses is said of nodes and of CPUs', async (t) => {
  t.match(cpusetRefusal('nodes').words, 'does not let this process use these nodes (EINVAL)')
  t.match(cpusetRefusal('CPUs').words, 'does not let this process use these CPUs (EINVAL)')
  t.equal(cpusetRefusal('nodes').code, 'E_UNSUPPORTED')
})
