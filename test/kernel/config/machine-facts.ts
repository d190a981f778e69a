import t, { type Test } from 'tap'
import { machineFacts } from '../../../src/kernel/config/machine-facts.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import type { MachineFacts } from '../../../src/model/config/when.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary, treeOf } from '../../helpers/run.ts'

const all = (facts: MachineFacts) => ({
  host: facts.host(),
  nodes: facts.nodes(),
  memory: facts.memory(),
  arch: facts.arch(),
  virtualization: facts.virtualization(),
})

const on = (t: Test, files: Readonly<Record<string, string>>) => {
  const root = temporary(t)
  scratch(root, files)
  return all(machineFacts(directoryTree(root)))
}

const unseen = {
  host: undefined,
  nodes: 1n,
  memory: undefined,
  arch: undefined,
  virtualization: undefined,
}

t.test('a machine of which everything is to be seen', async (t) => {
  const found = on(t, {
    '/proc/sys/kernel/hostname': 'db-1\n',
    '/etc/hostname': 'other\n',
    '/proc/sys/kernel/arch': 'aarch64\n',
    '/proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
    '/proc/meminfo': 'MemTotal:        1024 kB\nMemFree: 1 kB\n',
    '/proc/cpuinfo': 'flags\t: lm\n',
    '/sys/devices/system/node/node0/meminfo': 'Node 0 MemTotal: 512 kB\n',
    '/sys/devices/system/node/node1/meminfo': 'Node 1 MemTotal: 512 kB\n',
    '/sys/devices/system/node/node2/meminfo': 'Node 2 MemTotal: 0 kB\n',
  })
  t.strictSame(found, {
    host: 'db-1',
    nodes: 2n,
    memory: 1048576n,
    arch: 'aarch64',
    virtualization: ['none'],
  })
})

t.test('what stands in for files that are missing', async (t) => {
  t.strictSame(on(t, {}), unseen)
  t.strictSame(on(t, { '/etc/hostname': 'web\n' }), { ...unseen, host: 'web' })
  t.strictSame(on(t, { '/proc/sys/kernel/hostname': '\n', '/etc/hostname': '' }), unseen)
  t.strictSame(on(t, { '/proc/sys/kernel/osrelease': '5.10.0-28-arm64\n' }), {
    ...unseen,
    arch: 'aarch64',
  })
  t.strictSame(
    on(t, { '/proc/cpuinfo': 'flags\t: lm\n', '/proc/sys/kernel/osrelease': '5.10-arm64\n' }),
    { ...unseen, arch: 'x86_64', virtualization: ['none'] },
  )
})

t.test('recorded machines', async (t) => {
  const counts = { 'two-nodes': 2n, 'one-node': 1n, 'no-numa': 1n }
  for (const [name, nodes] of Object.entries(counts))
    t.equal(machineFacts(treeOf(name)).nodes(), nodes, name)
})
