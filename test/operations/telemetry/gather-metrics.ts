import t, { type Test } from 'tap'
import { collectors, type MetricsFacts } from '../../../src/model/telemetry/metrics-facts.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { gatherMetrics } from '../../../src/operations/telemetry/gather-metrics.ts'
import { cgroupsOn } from '../../helpers/fake-cgroups.ts'
import { fakeClock } from '../../helpers/fake-clock.ts'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'
import { onMachine, procWith } from '../../helpers/running-machine.ts'
import { memfd, segmentsPath } from '../../helpers/segment-scan.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M

const machine = (t: Test, files: Readonly<Record<string, string>> = {}): FakeKernel => {
  const root = temporary(t)
  scratch(root, files)
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 4n * G }],
    pools: [{ size, persistent: { 0: 8n } }],
  })
  kernel.extra.set('/proc/self/mountinfo', '')
  return Object.assign(kernel, { root })
}

const unasked = () => {
  throw new Error('nobody asks for this')
}

const look = (
  kernel: FakeKernel,
  request = { cgroups: false, holders: false },
  native: Ports['native'] = unasked,
) => {
  const { pass, ...time } = fakeClock()
  const { read } = kernel
  kernel.read = (path) => {
    pass(path === '/proc/self/mountinfo' ? 250 : 0)
    return read(path)
  }
  return gatherMetrics(
    {
      ...{ tree: kernel, ...time, native, mapper: unasked, watchSignals: unasked },
      ...{ note: unasked, reason: unasked, progress: unasked, run: unasked },
    },
    request,
    '1.2.3',
  )
}

const runsOf = ({ runs }: MetricsFacts) =>
  runs.map(({ collector, success, seconds }) => `${collector} ${success} ${seconds}`)

t.test('pools with their nodes, and mounts', async (t) => {
  const kernel = machine(t)
  kernel.extra.set(
    '/proc/self/mountinfo',
    '30 25 0:26 / /mnt rw - hugetlbfs none rw,pagesize=2M,size=4M\n',
  )
  const { facts, words } = await look(kernel)
  t.strictSame(words, [])
  t.strictSame(
    [facts.version, facts.pools.map((pool) => [pool.size, pool.total, pool.nodes.length])],
    [
      '1.2.3',
      [
        [size, 8n, 1],
        [G, 0n, 1],
      ],
    ],
  )
  t.strictSame(
    facts.mounts.map((mount) => [mount.target, mount.size]),
    [['/mnt', 4n * M]],
  )
  t.strictSame(Object.keys(facts), ['version', 'pools', 'mounts', 'runs'])
  t.strictSame(runsOf(facts), ['pools true 0', 'mounts true 0.25', 'config true 0'])
})

t.test('cgroups and holders, where they are asked for', async (t) => {
  const kernel = machine(t)
  cgroupsOn(kernel, {
    '/cgroup.subtree_control': 'hugetlb\n',
    '/a/hugetlb.2MB.current': '2097152\n',
  })
  kernel.map(size, 3n).touch(3n)
  const { facts, words } = await look(kernel, { cgroups: true, holders: true })
  t.strictSame(words, [])
  t.strictSame(facts.cgroups, [{ group: '/a', size, usage: size, failures: 0n }])
  const { holders } = facts
  t.strictSame(
    [holders?.unseen, holders?.holds.map(({ kind, pages }) => [kind, pages])],
    [0, [['unexplained', 3n]]],
  )
  t.strictSame(
    holders?.books.map(({ unexplained }) => unexplained),
    [3n, 0n],
  )
  t.strictSame(
    facts.runs.map(({ collector }) => collector),
    collectors,
  )
})

t.test('a segment of which nobody tells what it is is attached for a moment', async (t) => {
  const kernel = machine(t)
  kernel.extra.set(segmentsPath, 'key shmid size nattch uid rss\n 1 4 2097152 0 26 0\n')
  kernel.map(size, 1n)
  const attached: number[] = []
  const native = nativeWith({
    memfd,
    atSegment: (_, id) => {
      attached.push(id)
    },
  })
  const tree = onMachine(kernel, procWith(t))
  await look(tree, { cgroups: false, holders: true }, () => native)
  t.strictSame(attached, [4])
})

t.test('the configuration, where there is one', async (t) => {
  const { facts } = await look(machine(t, { '/etc/hugepool.toml': '[pools.2M]\npages = 9\n' }))
  t.strictSame(
    facts.items?.map(({ key, state }) => [key, state]),
    [['pools.2M.pages', 'drift']],
  )
  const only = await look(machine(t, { '/etc/hugepool.d/a.txt': '' }))
  t.notOk('items' in only.facts)
})

t.test('what cannot be read is told, and the rest is there', async (t) => {
  const kernel = machine(t, { '/etc/hugepool.toml': 'x = 1\n' })
  kernel.extra.set('/proc/self/mountinfo', 'odd\n30 25 0:26 / /m rw - hugetlbfs n rw,pagesize=M\n')
  const { facts, words } = await look(kernel)
  t.strictSame(words.length, 3)
  t.match(words[0], /^options of the hugetlbfs on \/m are not understood: /)
  t.equal(words[1], '/proc/self/mountinfo: a line is not understood: "odd"')
  t.match(words[2], /^\/etc\/hugepool\.toml:1/)
  t.strictSame(runsOf(facts), ['pools true 0', 'mounts false 0.25', 'config false 0'])
  t.equal(facts.pools.length, 2)
})

t.test('so is a pool', async (t) => {
  const kernel = machine(t)
  kernel.failRead('/sys/kernel/mm/hugepages/hugepages-2048kB/surplus_hugepages', 'EACCES', 'always')
  const { facts, words } = await look(kernel)
  t.match(words, [/^2M: .*surplus_hugepages: permission denied/])
  t.equal(runsOf(facts)[0], 'pools false 0')
})

t.test('mounts that cannot be listed are none', async (t) => {
  const kernel = machine(t)
  kernel.extra.delete('/proc/self/mountinfo')
  const { facts, words } = await look(kernel)
  t.strictSame([facts.mounts, words.length], [[], 1])
})

t.test('without pools there is nothing', async (t) => {
  const kernel = machine(t)
  kernel.list = () => []
  kernel.failRead('/proc/meminfo', 'ENOENT', 'always')
  await t.rejects(look(kernel), { code: 'E_UNSUPPORTED', reason: 'not-shown' })
})

t.test('a fault of the program is no part that cannot be read', async (t) => {
  const kernel = machine(t)
  const { read } = kernel
  kernel.read = (path) => {
    if (path === '/proc/self/mountinfo') throw new TypeError('x')
    return read(path)
  }
  await t.rejects(look(kernel), { name: 'TypeError' })
})
