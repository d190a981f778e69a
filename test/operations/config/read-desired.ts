import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { readPools } from '../../../src/kernel/pools/pools.ts'
import { readMachine } from '../../../src/kernel/pools/read-machine.ts'
import { directoryTree, type Tree } from '../../../src/kernel/tree.ts'
import {
  knownMount,
  planOvercommits,
  planPages,
  readDesiredMachine,
  readDesiredPlan,
} from '../../../src/operations/config/read-desired.ts'
import { readText } from '../../helpers/config.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { scratch } from '../../helpers/persist.ts'
import { treeCopy, treeOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M
const kernelOf = () =>
  fakeKernel({
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
    ],
    pools: [{ size, persistent: { 0: 3n, 1: 5n }, overcommit: 4n }],
  })

const desired = (text: string) => ({ configuration: readText(text) })
const stepsOf = ({ steps }: ReturnType<typeof planPages>) =>
  steps.map(({ size: of, node, before, value }) => [of, node, before, value])

t.test('a kernel without huge pages', async (t) => {
  const tree = treeOf('no-hugetlb')
  const machine = (text: string) => readDesiredMachine(tree, readText(text))
  const absent = { code: 'E_UNSUPPORTED', reason: 'no-hugetlb' }
  t.throws(() => machine('[pools.2M]\npages = 1\n'), absent)
  t.throws(() => machine('[pools.2M]\npages = 1\noptional = true\n[pools.1G]\npages = 1\n'), absent)
  t.throws(() => machine('[mounts."/mnt/huge"]\npage-size = "2M"\n'), absent)
  const { memory, nodes, ...rest } = machine('[pools.2M]\npages = 1\noptional = true\n')
  t.strictSame(rest, { pools: [], largestBlock: 0n })
  t.strictSame([nodes.length > 0, (memory?.total ?? 0n) > 0n], [true, true])
  t.strictSame(machine('version = 1\n').pools, [])
  t.equal(readDesiredMachine(treeOf('two-nodes'), readText('version = 1\n')).pools.length, 2)
})

t.test('pages are planned as resize does, and go on', async (t) => {
  const kernel = kernelOf()
  const machine = readMachine(kernel)
  const plan = planPages(
    kernel,
    machine,
    desired('[pools.2M]\npages = "0:8"\n[pools.16M]\npages = 1\n'),
  )
  t.strictSame(stepsOf(plan), [
    [size, 1, 5n, 0n],
    [size, 0, 3n, 8n],
  ])
  t.strictSame(
    plan.leftOut?.map((part) => [part.size, part.error.reason]),
    [[16n * M, 'no-size']],
  )
})

t.test('pools that are as wanted are left alone with their surplus, and told', async (t) => {
  const tree = treeOf('two-nodes')
  const machine = readMachine(tree)
  const steps = (text: string) => stepsOf(planPages(tree, machine, desired(text)))
  const large = '[pools.1G]\npages = 2\n'
  const small = '[pools.2M]\npages = 96\n'
  t.strictSame(steps(small), [], '4 of its pages are surplus that nobody uses')
  t.strictSame(steps(small.replace('96', '97')).length, 2)
  t.strictSame(
    steps(`${small}${large}`).map(([of]) => of),
    steps(large).map(([of]) => of),
  )
  const { settings } = planPages(tree, machine, desired(`${small}${large}`))
  t.strictSame(
    settings.map((setting) => [setting.size, setting.requested]),
    [
      [G, 2n],
      [size, 96n],
    ],
  )
})

t.test('the memory that has to remain is that of the call, or of the files', async (t) => {
  const kernel = kernelOf()
  const machine = readMachine(kernel)
  const text = 'leave = "7G"\n[pools.2M]\npages = 2000\n'
  const most = (leave?: bigint) => {
    const wanted = { ...desired(text), ...(leave !== undefined && { leave }) }
    const { settings } = planPages(kernel, machine, wanted)
    const [{ planned, requested } = { requested: -1n }] = settings
    return planned ?? requested
  }
  t.ok(most() < 600n, `${most()}`)
  t.equal(most(0n), 2000n)
})

t.test('overcommit is planned without pools that cannot have it', async (t) => {
  const kernel = kernelOf()
  const text = '[pools.2M]\novercommit = 6\n[pools.16M]\novercommit = 1\n'
  const plan = planOvercommits(kernel, readMachine(kernel), desired(text))
  t.strictSame(stepsOf(plan), [[size, undefined, 4n, 6n]])
  t.strictSame(
    plan.leftOut?.map((part) => [part.size, part.error.reason]),
    [[16n * M, 'no-size']],
  )
})

const mounts =
  '[mounts."/mnt/huge"]\npage-size = "2M"\nmkdir = true\n[mounts."/etc/f/x"]\npage-size = "2M"\n'

t.test('what cannot be known of one mount or the group is a part of the answer', async (t) => {
  const root = treeCopy(t, 'two-nodes')
  scratch(root, { '/etc/f': '', '/mnt/.keep': '', '/proc/sys/vm/hugetlb_shm_group': '7\n' })
  const tree = directoryTree(root)
  const plan = (shmGroup: string) =>
    readDesiredPlan(tree, desired(`${mounts}[tune]\nshm-group = "${shmGroup}"\n`))
  const { items, group } = plan('70')
  t.strictSame(
    items.map(({ target, attribute, state, found, wanted, reason }) => ({
      ...{ what: target ?? attribute, state, reason },
      ...(attribute === 'shm-group' && { found, wanted }),
    })),
    [
      { what: '/etc/f/x', state: 'missing', reason: 'wrong-file' },
      { what: '/mnt/huge', state: 'missing', reason: undefined },
      { what: 'shm-group', state: 'drift', reason: undefined, found: 7n, wanted: 70n },
    ],
  )
  t.strictSame(group, { path: '/proc/sys/vm/hugetlb_shm_group', before: 7n, requested: 70n })
  const named = plan('nobody-has-this').items.at(-1)
  t.strictSame(
    [named?.wanted, named?.found, named?.state !== 'ok'],
    ['nobody-has-this', undefined, true],
  )
  scratch(root, { '/proc/sys/vm/hugetlb_shm_group': 'x\n' })
  t.match(plan('70').items.at(-1)?.why, '/proc/sys/vm/hugetlb_shm_group: expected a number')
})

t.test('a fault of the program is none of a mount', async (t) => {
  const tree = treeOf('two-nodes')
  const [mount] = readText(mounts).mounts
  if (mount === undefined) throw new Error('there are two')
  const pools = readPools(tree, false)
  const broken = {
    ...tree,
    get root(): string {
      throw new Error('a fault')
    },
  } as Tree
  t.throws(() => knownMount(broken, mount, pools), { message: 'a fault' })
  const known = knownMount(tree, mount, pools)
  t.ok('error' in known ? known.error instanceof HugepoolError : known.request)
})

t.test('what the command line comes to is compared with the files', async (t) => {
  const root = treeCopy(t, 'two-nodes')
  const meminfo = treeOf('two-nodes').read('/proc/meminfo')
  const states = (line: string, freed: string) => {
    scratch(root, {
      '/proc/cmdline': `${line}\n`,
      '/proc/sys/vm/hugetlb_optimize_vmemmap': `${freed}\n`,
      '/proc/meminfo': `${meminfo}CmaTotal:              0 kB\n`,
    })
    const text = '[pools.2M]\npages = "0:8"\nboot = true\n[boot]\nfree-vmemmap = true\ncma = "2G"\n'
    const { items } = readDesiredPlan(directoryTree(root), desired(text))
    return items.slice(-3).map(({ attribute, state, found }) => [attribute, state, found])
  }
  t.strictSame(states('hugepagesz=2M hugepages=0:8 hugetlb_cma=2G', '1'), [
    ['boot', 'ok', '0:8'],
    ['free-vmemmap', 'ok', 'on'],
    ['cma', 'ok', '2G'],
  ])
  t.strictSame(states('quiet', '0'), [
    ['boot', 'next-boot', 0n],
    ['free-vmemmap', 'next-boot', 'off'],
    ['cma', 'next-boot', 'none'],
  ])
})

t.test('the line is read where something is wanted of it', async (t) => {
  const root = treeCopy(t, 'two-nodes')
  rmSync(join(root, 'proc/cmdline'))
  const lineless = directoryTree(root)
  const items = (text: string) => readDesiredPlan(lineless, desired(text)).items
  t.strictSame(
    items('[boot]\ncma = "2G"\n').map(({ state }) => state),
    ['unknown'],
  )
  t.strictSame(items('version = 1\n'), [])
})
