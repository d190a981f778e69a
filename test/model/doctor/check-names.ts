import t from 'tap'
import {
  type CheckName,
  checkSummaries,
  namesOfChecks,
} from '../../../src/model/doctor/check-names.ts'
import { pageText } from '../../helpers/manual-pages.ts'

t.test('the manual lists every check in its order, with the same sentence', async (t) => {
  const [, rest = ''] = pageText('hugepool-doctor.8').split('\n.Ss Checks\n')
  const [list = ''] = rest.split('\n.El\n')
  const listed = [...list.matchAll(/\.It Cm (\S+)\n(.*)/g)].map(([, name, text]) => [name, text])
  t.strictSame(listed, Object.entries(checkSummaries))
})

t.test('the names are in the order of the kernel', async (t) => {
  t.strictSame(namesOfChecks.slice(0, 3), ['page-size', 'alignment', 'policy'])
  const at = (name: CheckName) => namesOfChecks.indexOf(name)
  // A segment that is too large is refused before the right to make one is looked at.
  t.ok(at('shmmax') < at('shm-group'))
  t.ok(at('cgroup-rsvd') < at('mount-size'))
  t.ok(at('mount-size') < at('available'))
  t.ok(at('available') < at('cgroup-max'))
})
