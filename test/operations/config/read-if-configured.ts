import t, { type Test } from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { readConfiguration } from '../../../src/operations/config/read-configuration.ts'
import { readIfConfigured } from '../../../src/operations/config/read-if-configured.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

const machine = (t: Test, files: Readonly<Record<string, string>>) => {
  const root = temporary(t)
  scratch(root, files)
  return { tree: directoryTree(root) }
}

t.test('as with all that reads a configuration', async (t) => {
  const stages = [
    {},
    { '/etc/hugepool.toml': '' },
    { '/etc/hugepool.toml': 'leave = "1G"\n[pools.2M]\npages = 4\n' },
    {
      '/usr/lib/hugepool.d/10.toml': '[pools.2M]\npages = 5\n',
      '/etc/hugepool.d/10.toml': '',
    },
  ]
  for (const files of stages) {
    const ports = machine(t, files)
    t.strictSame(
      await readIfConfigured(ports),
      readConfiguration(ports, { from: 'machine' }),
      Object.keys(files).join(' '),
    )
  }
})

t.test('what is hidden or empty is told of a machine without any other file', async (t) => {
  const { skipped, files } = await readIfConfigured(machine(t, { '/etc/hugepool.toml': '' }))
  t.strictSame([skipped, files], [[{ file: '/etc/hugepool.toml', why: 'is empty' }], []])
})

t.test('a file that is wrong', async (t) => {
  const ports = machine(t, { '/etc/hugepool.toml': 'nonsense\n' })
  await t.rejects(readIfConfigured(ports), { code: 'E_CONFIG' })
})
