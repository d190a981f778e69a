import t from 'tap'
import type { WritableFacts } from '../../../../src/model/config/writers/writer.ts'
import {
  settingsAt,
  sysctlPath,
  targetsAt,
} from '../../../../src/model/config/writers/written-paths.ts'
import { G, M } from '../../../helpers/sizes.ts'

const facts: WritableFacts = { sizes: [2n * M, G], nodes: [0, 1, 10], defaultSize: 2n * M }

const at = (pattern: string, on = facts) =>
  settingsAt(pattern, on).map(
    ({ attribute, size = '', node = '' }) => `${attribute} ${size} ${node}`,
  )

const persistent = `persistent ${2n * M} `
const overcommit = `overcommit ${2n * M} `

t.test('a file of the kernel and what it sets', async (t) => {
  const pools = '/sys/kernel/mm/hugepages'
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['/proc/sys/vm/nr_hugepages', [persistent]],
    ['/proc/sys/vm/nr_hugepages_mempolicy', [persistent]],
    ['/proc/sys/vm/nr_overcommit_hugepages', [overcommit]],
    ['/proc/sys/vm/hugetlb_shm_group', ['shm-group  ']],
    ['/proc/sys/vm/swappiness', []],
    [`${pools}/hugepages-2048kB/nr_hugepages`, [persistent]],
    [`${pools}//hugepages-2048kB/nr_hugepages_mempolicy`, [persistent]],
    [`${pools}/hugepages-1048576kB/nr_overcommit_hugepages`, [`overcommit ${G} `]],
    [`${pools}/hugepages-64kB/nr_hugepages`, []],
    [`${pools}/hugepages-2048kB/free_hugepages`, []],
    [
      '/sys/devices/system/node/node10/hugepages/hugepages-2048kB/nr_hugepages',
      [`${persistent}10`],
    ],
    ['/sys/devices/system/node/node7/hugepages/hugepages-2048kB/nr_hugepages', []],
  ]
  for (const [path, settings] of cases) t.strictSame(at(path), settings, path)
})

t.test('patterns', async (t) => {
  const nodes = '/sys/devices/system/node'
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['/proc/sys/vm/nr_huge*', [persistent, persistent]],
    ['/sys/kernel/mm/hugepages/*/nr_hugepages', [persistent, `persistent ${G} `]],
    [
      `${nodes}/node?/hugepages/hugepages-2048kB/nr_hugepages`,
      [`${persistent}0`, `${persistent}1`],
    ],
    [
      `${nodes}/node[0-9]/hugepages/hugepages-2048kB/nr_hugepages`,
      [`${persistent}0`, `${persistent}1`],
    ],
    [`${nodes}/node[1][0]/hugepages/hugepages-2048kB/nr_hugepages`, [`${persistent}10`]],
    [`${nodes}/node[!0]/hugepages/hugepages-2048kB/nr_hugepages`, [`${persistent}1`]],
    [`${nodes}/node[^1-9]/hugepages/hugepages-2048kB/nr_hugepages`, [`${persistent}0`]],
    [
      `${nodes}/node[!-9]/hugepages/hugepages-2048kB/nr_hugepages`,
      [`${persistent}0`, `${persistent}1`],
    ],
    [`${nodes}/node[*]/hugepages/hugepages-2048kB/nr_hugepages`, []],
    [`${nodes}/node[]1]/hugepages/hugepages-2048kB/nr_hugepages`, [`${persistent}1`]],
    [`${nodes}/node1[!]/hugepages/hugepages-2048kB/nr_hugepages`, []],
    [`${nodes}/node[3-1]/hugepages/hugepages-2048kB/nr_hugepages`, []],
    ['/sys/*/nr_hugepages', []],
    ['/proc/sys/vm/[', []],
    ['/proc/sys/vm/[]', []],
  ]
  for (const [path, settings] of cases) t.strictSame(at(path), settings, path)
})

t.test(
  'many classes, and brackets that nothing closes, take no longer than their number',
  async (t) => {
    for (const part of ['[a-z_]', '[!0]*', '['])
      t.strictSame(at(`/proc/sys/vm/${part.repeat(3000)}`), [], part)
    t.strictSame(at(`/proc/sys/vm/${'[a-z_]'.repeat(12)}`), [persistent])
  },
)

t.test('without a default size the sysctls are about no pool', async (t) => {
  const unknown = { sizes: [2n * M], nodes: [] }
  t.strictSame(at('/proc/sys/vm/nr_hugepages', unknown), [])
  t.strictSame(at('/proc/sys/vm/hugetlb_shm_group', unknown), ['shm-group  '])
})

t.test('the names of sysctls', async (t) => {
  t.equal(sysctlPath('vm.nr_hugepages'), '/proc/sys/vm/nr_hugepages')
  t.equal(sysctlPath('vm/nr_hugepages'), '/proc/sys/vm/nr_hugepages')
  t.equal(sysctlPath('net.ipv4.conf.eth0/1.x'), '/proc/sys/net/ipv4/conf/eth0.1/x')
  t.equal(sysctlPath('net/ipv4/conf/eth0.1/x'), '/proc/sys/net/ipv4/conf/eth0.1/x')
  t.equal(sysctlPath('x'), '/proc/sys/x')
})

t.test('files that are looked for by their paths', async (t) => {
  const [swappiness, group] = ['/proc/sys/vm/swappiness', '/proc/sys/vm/hugetlb_shm_group']
  const on = { ...facts, paths: [swappiness, group] }
  t.strictSame(targetsAt('/proc/sys//vm/swappiness', on), [{ path: swappiness }])
  t.strictSame(targetsAt('/proc/sys/vm/[hs]*', on), [
    { what: { attribute: 'shm-group' } },
    { path: swappiness },
    { path: group },
  ])
  t.strictSame(targetsAt(swappiness, facts), [])
})
