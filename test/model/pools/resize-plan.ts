import t from 'tap'
import type { Machine, Pool } from '../../../src/model/pools/machine.ts'
import { echoLine } from '../../../src/model/pools/pool-plan.ts'
import { planResize, type ResizeRequest } from '../../../src/model/pools/resize-plan.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { parseNodes } from '../../../src/model/words/node-list.ts'
import { parsePolicy } from '../../../src/model/words/policy.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const counters = (node: number, total = 0n, surplus = 0n) => ({ node, total, free: total, surplus })

/** Two nodes of 8 GiB and one without memory; pages in use on node 1, 10 of them surplus. */
const machine = machineOf(
  [
    poolOf(2n * M, {
      isDefault: true,
      total: 100n,
      free: 60n,
      surplus: 10n,
      nodes: [counters(0, 60n), { ...counters(1, 40n, 10n), free: 0n }, counters(3)],
    }),
    poolOf(32n * M, { nodes: [counters(0), counters(1), counters(3)] }),
    poolOf(G, { total: 2n, free: 2n, nodes: [counters(0, 1n), counters(1, 1n), counters(3)] }),
  ],
  [nodeOf(0, 8n * G), nodeOf(1, 8n * G), nodeOf(3, 0n)],
)

const plan = (words: string, request: Partial<ResizeRequest> = {}, on: Machine = machine) =>
  planResize(on, { assignments: words.split(' ').map(parseAssignment), ...request })

const short = (path: string) =>
  path.replace(/.*\/(?:(node\d+)\/hugepages|mm\/hugepages)\/hugepages-(\d+kB)\//, (_, node, size) =>
    [node, size, ''].filter((part) => part !== undefined).join(' '),
  )

const writes = (...of: Parameters<typeof plan>) =>
  plan(...of).steps.map(({ path, value }) => `${short(path)}=${value}`)

t.test('a plan is data: path, value, the state it was made against', async (t) => {
  const { memoryMinimums, ...rest } = plan('2M=512')
  t.ok(memoryMinimums.length > 0, 'it says what has to remain')
  t.strictSame(rest, {
    steps: [
      {
        size: 2n * M,
        attribute: 'persistent',
        path: '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages',
        before: 90n,
        value: 512n,
      },
    ],
    settings: [{ size: 2n * M, attribute: 'persistent', requested: 512n }],
    leftOut: [],
    notes: [],
    forecast: [],
    held: [],
    obstacles: [],
  })
})

t.test('what shrinks comes before what grows, larger pages first, nodes in order', async (t) => {
  t.strictSame(writes('2M=10 32M=4 1G=1'), [
    '1048576kB nr_hugepages=1',
    '2048kB nr_hugepages=10',
    '32768kB nr_hugepages=4',
  ])
  t.strictSame(writes('2M=95 32M=4 1G=3'), [
    '1048576kB nr_hugepages=3',
    '32768kB nr_hugepages=4',
    '2048kB nr_hugepages=95',
  ])
  t.strictSame(writes('2M=1:50,0:10'), [
    'node0 2048kB nr_hugepages=10',
    'node1 2048kB nr_hugepages=50',
  ])
  t.strictSame(writes('1G=1:0,0:2'), [
    'node1 1048576kB nr_hugepages=0',
    'node0 1048576kB nr_hugepages=2',
  ])
})

t.test(
  'relative counts start from persistent pages, on a node from those of the node',
  async (t) => {
    t.strictSame(writes('2M=+10'), ['2048kB nr_hugepages=100'])
    t.strictSame(writes('2M=-90'), ['2048kB nr_hugepages=0'])
    t.strictSame(writes('2M=1:+1'), ['node1 2048kB nr_hugepages=31'])
    t.throws(() => plan('2M=-91'), { code: 'E_USAGE' })
    t.throws(() => plan('2M=1:-31'), { code: 'E_USAGE' })
  },
)

t.test('what is as asked for already is a target without a write', async (t) => {
  const same = plan('2M=90 1G=2')
  t.strictSame(same.steps, [])
  t.hasStrict(same.settings, [{ requested: 90n }, { requested: 2n }])
  t.strictSame(writes('2M=90 1G=3'), ['1048576kB nr_hugepages=3'])
})

t.test('a share is of the machine, or of the node', async (t) => {
  t.strictSame(writes('2M=25%'), ['2048kB nr_hugepages=2048'])
  t.strictSame(writes('2M=0:25%'), ['node0 2048kB nr_hugepages=1024'])
})

t.test('a node without memory can shrink and cannot grow', async (t) => {
  t.strictSame(writes('2M=3:0'), [])
  for (const words of ['2M=3:1', '2M=3:+1', '2M=3:max', '2M=0:1,3:1'])
    t.throws(
      () => plan(words),
      { code: 'E_UNSUPPORTED', message: 'node 3 has no memory, so it cannot hold 2M pages' },
      words,
    )
})

t.test('--node says that the count is for each', async (t) => {
  const nodes = parseNodes('0-1')
  t.strictSame(writes('2M=80', { nodes }), [
    'node0 2048kB nr_hugepages=80',
    'node1 2048kB nr_hugepages=80',
  ])
  t.strictSame(plan('2M=80', { nodes }).notes, ['2M: 80 pages on each of nodes 0-1, 160 in all'])
  t.strictSame(plan('2M=+1', { nodes }).notes, ['2M: the count on each of nodes 0-1, 92 in all'])
  t.strictSame(plan('2M=80 1G=+1', { nodes }).notes, [
    '2M: 80 pages on each of nodes 0-1, 160 in all',
    '1G: 2 pages on each of nodes 0-1, 4 in all',
  ])
  t.strictSame(plan('1G=+0', { nodes }).notes, ['1G: 1 page on each of nodes 0-1, 2 in all'])
  t.strictSame(plan('2M=80', { nodes: [1] }).notes, [])
  t.strictSame(plan('2M=0:80,1:80').notes, [])
})

t.test('a memory policy goes with every step', async (t) => {
  const policy = parsePolicy('bind:1')
  const [step] = plan('2M=200', { policy }).steps
  t.hasStrict(step, {
    path: '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages_mempolicy',
    value: 200n,
    policy: { mode: 'bind', nodes: [1] },
  })
  t.equal(
    echoLine(`${step?.path}`, 200n, policy),
    "numactl --membind=1 sh -c 'echo 200 > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages_mempolicy'",
  )
})

t.test('a memory policy goes with whole pools and nodes that have memory', async (t) => {
  const policy = parsePolicy('bind:1')
  t.throws(() => plan('2M=0:5', { policy }), { code: 'E_USAGE' })
  t.throws(() => plan('2M=0:5 1G=1', { policy }), { code: 'E_USAGE' }, 'beside a whole pool')
  t.throws(() => plan('2M=5', { policy, nodes: [0] }), { code: 'E_USAGE' })
  for (const [node, message] of [
    ['3', 'node 3 has no memory'],
    ['7', 'there is no node 7 here'],
  ])
    t.throws(() => plan('2M=200', { policy: parsePolicy(`bind:${node}`) }), {
      code: 'E_UNSUPPORTED',
      message,
    })
})

t.test('a cpuset that hides nodes from a growth is said before anything is written', async (t) => {
  const confined = { ...machine, allowedNodes: [0] }
  const words = 'the cpuset of this process allows node 0 only: the kernel gives nothing on node 1'
  t.strictSame(plan('2M=200', {}, confined).notes, [words])
  t.strictSame(plan('2M=1:200', {}, confined).notes, [words])
  t.strictSame(plan('2M=200', { policy: parsePolicy('bind:1') }, confined).notes, [words])
  t.strictSame(plan('2M=0:200', {}, confined).notes, [], 'an allowed node')
  t.notMatch(plan('2M=0', {}, confined).notes, [/cpuset/], 'a shrink')
  t.strictSame(plan('2M=200', { policy: parsePolicy('bind:0') }, confined).notes, [])
  t.strictSame(plan('2M=200', {}, { ...machine, allowedNodes: [0, 1, 3] }).notes, [])
  t.strictSame(plan('2M=1:+10', {}, confined).notes, [], 'surplus that turns persistent')
  t.strictSame(plan('2M=1:+11', {}, confined).notes, [words], 'and a page more')
})

const onTwo = (
  counts: Partial<Pool>,
  first: readonly [bigint, bigint, bigint],
  second: readonly [bigint, bigint, bigint] = [0n, 0n, 0n],
) => {
  const nodes = [first, second].map(([total, free, surplus], node) => ({
    node,
    total,
    free,
    surplus,
  }))
  return machineOf([poolOf(2n * M, { ...counts, nodes })], [nodeOf(0, 8n * G), nodeOf(1, 8n * G)])
}

t.test('what is reserved stays covered: such a pool grows before it shrinks', async (t) => {
  const nodes = ['node1 2048kB nr_hugepages=4', 'node0 2048kB nr_hugepages=4']
  const reserved = (pages: bigint) => onTwo({ total: 8n, free: 8n, reserved: pages }, [8n, 8n, 0n])
  t.strictSame(writes('2M=0:4,1:4', {}, reserved(8n)), nodes)
  t.strictSame(writes('2M=0:4,1:4', {}, reserved(5n)), nodes)
  t.strictSame(writes('2M=0:4,1:4', {}, reserved(4n)), [...nodes].reverse())
  t.strictSame(writes('2M=0:4,1:4', {}, reserved(-1n)), [...nodes].reverse(), 'wrapped')
})

t.test('surplus that nobody uses becomes persistent, so that it can be freed', async (t) => {
  const idle = onTwo({ total: 8n, free: 8n, surplus: 6n }, [8n, 8n, 6n])
  const steps = ['2048kB nr_hugepages=8', '2048kB nr_hugepages=0']
  t.strictSame(writes('2M=0', {}, idle), steps)
  t.strictSame(plan('2M=0', {}, idle).notes, [
    '2M: 6 free pages are surplus: all surplus becomes persistent first, so that the kernel frees what nobody uses',
  ])
  t.strictSame(writes('2M=2', {}, idle), [steps[0], '2048kB nr_hugepages=2'], 'as it is already')
  t.strictSame(writes('2M=5', {}, idle), [steps[0], '2048kB nr_hugepages=5'])
  t.strictSame(writes('2M=8', {}, idle), [steps[0]], 'a growth takes it all')
  t.strictSame(plan('2M=8', {}, idle).notes, [])
  t.strictSame(
    writes('2M=0:0', {}, idle),
    steps.map((step) => `node0 ${step}`),
  )
  const used = onTwo({ total: 8n, free: 2n, surplus: 6n }, [8n, 2n, 6n])
  t.strictSame(writes('2M=0', {}, used), ['2048kB nr_hugepages=0'], 'six are in use')
  const promised = onTwo({ total: 8n, free: 8n, surplus: 6n, reserved: 6n }, [8n, 8n, 6n])
  t.strictSame(writes('2M=0', {}, promised), ['2048kB nr_hugepages=0'], 'six are reserved')
  const kept = onTwo(
    { total: 12n, free: 12n, surplus: 4n, reserved: 8n },
    [8n, 8n, 0n],
    [4n, 4n, 4n],
  )
  for (const [words, ...rest] of [
    ['2M=8', '2048kB nr_hugepages=12', '2048kB nr_hugepages=8'],
    ['2M=1:0', 'node1 2048kB nr_hugepages=4', 'node1 2048kB nr_hugepages=0'],
    ['2M=0:8'],
  ] as const)
    t.strictSame(writes(words, {}, kept), rest, 'as many pages as are reserved remain')
})

const before616 = { nodeFilesHeedSurplus: true, freesBesideSurplus: false }
const before67 = { nodeFilesHeedSurplus: false, freesBesideSurplus: false }

/** The writes on kernels from 6.16 on, before, and before 6.7; notes are those of the last. */
const onEach = (words: string, on: Machine) => {
  const request = { assignments: words.split(' ').map(parseAssignment) }
  const [later, older, oldest] = [undefined, before616, before67].map((rules) =>
    planResize(on, request, rules).steps.map(({ path, value }) => `${short(path)}=${value}`),
  )
  return { later, older, oldest, notes: planResize(on, request, before67).notes }
}

const node = (id: number, value: number) => `node${id} 2048kB nr_hugepages=${value}`
const whole = (value: number) => `2048kB nr_hugepages=${value}`

t.test('a node whose pages are free comes before one whose pages become surplus', async (t) => {
  const on = onTwo({ total: 12n, free: 4n }, [8n, 0n, 0n], [4n, 4n, 0n])
  const steps = [node(1, 2), node(0, 2)]
  for (const words of ['2M=0:2,1:2', '2M=1:2,0:2']) {
    const { notes, ...each } = onEach(words, on)
    t.strictSame(each, { later: steps, older: steps, oldest: steps }, words)
    t.notMatch(notes, [/persistent first/])
  }
})

t.test('a node with free pages and pages in use gives the free ones first', async (t) => {
  const on = onTwo({ total: 16n, free: 8n }, [8n, 4n, 0n], [8n, 4n, 0n])
  const { later, older, oldest } = onEach('2M=0:2,1:1', on)
  const steps = [node(0, 4), node(1, 4), node(0, 2), node(1, 1)]
  t.strictSame(
    { later, older, oldest },
    { later: [node(0, 2), node(1, 1)], older: steps, oldest: steps },
  )
  t.strictSame(onEach('2M=0:2', on).older, [node(0, 2)], 'alone it is written once')
})

t.test('surplus that is in the way becomes persistent, and surplus again', async (t) => {
  const on = onTwo({ total: 12n, free: 4n, surplus: 4n }, [8n, 0n, 4n], [4n, 4n, 0n])
  const lent = [whole(12), node(1, 2), node(0, 4)]
  t.strictSame(onEach('2M=1:2', on), {
    later: [node(1, 2)],
    older: lent,
    oldest: lent,
    notes: [
      '2M: all surplus becomes persistent first, and is set again on node 0, for this kernel counts it against the pages that are asked for',
    ],
  })
  const growth = [whole(12), node(1, 6), node(0, 4)]
  const grown = onEach('2M=1:6', on)
  t.strictSame([grown.older, grown.oldest], [[node(1, 6)], growth], 'also for a growth before 6.7')
})

t.test('a whole pool is set beside surplus in use without free pages as surplus', async (t) => {
  const on = onTwo({ total: 14n, free: 6n, surplus: 4n }, [8n, 0n, 4n], [6n, 6n, 0n])
  t.match(onEach('2M=5', on), { later: [whole(5)], older: [whole(14), whole(5)] })
  t.match(onEach('2M=9', on), { later: [whole(9)], older: [whole(9)] }, 'where enough are free')
})

t.test('where no persistent page remains older kernels are set as a whole', async (t) => {
  const on = onTwo({ total: 8n, free: 0n }, [4n, 0n, 0n], [4n, 0n, 0n])
  const nodes = [node(0, 0), node(1, 0)]
  const { notes: _, ...each } = onEach('2M=0:0,1:0', on)
  t.strictSame(each, { later: nodes, older: nodes, oldest: [whole(0)] })
})

t.test('under a policy surplus of its nodes counts, and that of others is set again', async (t) => {
  const on = onTwo({ total: 16n, free: 8n, surplus: 4n }, [8n, 0n, 4n], [8n, 8n, 0n])
  const request = { assignments: [parseAssignment('2M=6')], policy: parsePolicy('bind:1') }
  const { steps } = planResize(on, request, before616)
  t.strictSame(
    steps.map(({ path, value }) => `${short(path)}=${value}`),
    [whole(16), '2048kB nr_hugepages_mempolicy=10', node(0, 4)],
  )
  t.strictSame(
    steps.map(({ policy }) => policy !== undefined),
    [false, true, false],
  )
})

t.test('surplus of a node that nobody uses goes, whatever other nodes have', async (t) => {
  const both = onTwo({ total: 10n, free: 5n, surplus: 10n }, [5n, 0n, 5n], [5n, 5n, 5n])
  const lent = [whole(10), node(1, 0), node(0, 0)]
  t.strictSame(onEach('2M=1:0', both), {
    later: [node(1, 5), node(1, 0)],
    older: lent,
    oldest: [whole(10), whole(0)],
    notes: [
      '2M: 5 free pages are surplus: all surplus becomes persistent first, so that the kernel frees what nobody uses',
    ],
  })
  t.strictSame(writes('2M=0', {}, both), [whole(10), whole(0)])
})

t.test('surplus that stays beside a shrink of free pages is told beforehand', async (t) => {
  const on = onTwo({ total: 14n, free: 6n, surplus: 4n }, [8n, 0n, 4n], [6n, 6n, 0n])
  t.match(plan('2M=5', {}, on).notes, [/^2M: 4 pages are in use: as surplus they leave/])
  t.match(onEach('2M=5', on).notes, [/persistent first/, /^2M: 3 pages are in use: as surplus/])
})
