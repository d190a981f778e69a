import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { sharesNamespace } from '../../../src/kernel/processes/read-namespace.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { temporary } from '../../helpers/run.ts'

t.test('this process is in its own, and others where it can be seen', async (t) => {
  t.ok(sharesNamespace(fakeKernel(), 'self', 'ipc'))
  t.notOk(sharesNamespace(fakeKernel(), '1', 'ipc'))
  for (const kind of ['ipc', 'mnt', 'user'] as const)
    t.ok(sharesNamespace(directoryTree('/'), `${process.pid}`, kind))
})

t.test('each kind is one by itself', async (t) => {
  const proc = temporary(t)
  const links = (process: string, names: Readonly<Record<string, string>>): void => {
    mkdirSync(join(proc, process, 'ns'), { recursive: true })
    for (const [kind, name] of Object.entries(names))
      symlinkSync(name, join(proc, process, 'ns', kind))
  }
  links('self', { ipc: 'ipc:[1]', mnt: 'mnt:[2]' })
  links('7', { ipc: 'ipc:[1]', mnt: 'mnt:[3]', user: 'user:[4]' })
  const tree = { ...directoryTree('/'), proc }
  t.strictSame(
    (['ipc', 'mnt', 'user'] as const).map((kind) => sharesNamespace(tree, '7', kind)),
    [true, false, false],
  )
})
