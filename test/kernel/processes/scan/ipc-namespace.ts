import t from 'tap'
import { ipcNamespace } from '../../../../src/kernel/processes/scan/ipc-namespace.ts'
import { fill } from '../../../helpers/proc-scan.ts'
import { temporary } from '../../../helpers/run.ts'

t.test('the IPC namespace of a process, and none', async (t) => {
  const directory = temporary(t)
  t.equal(ipcNamespace(directory), '?')
  fill(directory, { links: { 'ns/ipc': 'ipc:[4026531839]' } })
  t.equal(ipcNamespace(directory), 'ipc:[4026531839]')
})
