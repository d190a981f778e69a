import t from 'tap'
import { HugepoolError } from '../../../../src/errors.ts'
import type { KnownMachine } from '../../../../src/model/doctor/findings/known-machine.ts'
import {
  growthFailed,
  memoryShort,
  nodeEmpty,
  poolAllReserved,
  poolNearlyUsed,
  poolUnreadable,
  surplusStays,
} from '../../../../src/model/doctor/findings/pool-findings.ts'
import type { Machine, Pool } from '../../../../src/model/pools/machine.ts'
import { onNode } from '../../../helpers/healthy-machine.ts'
import {
  configurationOf,
  configuredPool,
  knownPools,
  poolOf,
  startOf,
} from '../../../helpers/known-pools.ts'
import { G, M } from '../../../helpers/sizes.ts'

const who = "'hugepool who 2M' shows who holds them"

const usedOf = (...pools: readonly Partial<Pool>[]) => poolNearlyUsed(knownPools(pools.map(poolOf)))

t.test('a pool is nearly used up from 95 pages in a hundred on', async (t) => {
  t.strictSame(usedOf({ free: 6n }), [])
  t.strictSame(usedOf({ total: 0n, free: 0n }), [])
  t.strictSame(usedOf({ total: 10_000n, free: 501n }), [])
  t.equal(usedOf({ total: 10_000n, free: 500n }).length, 1)
  t.strictSame(usedOf({ free: 5n }, { size: G, total: 2n, free: 0n }, { total: 1n, free: 0n }), [
    { level: 'note', what: '95 of 100 pages of 2M are in use', hints: [who] },
    {
      level: 'note',
      what: 'all 2 pages of 1G are in use',
      hints: ["'hugepool who 1G' shows who holds them"],
    },
    { level: 'note', what: 'the only page of 2M is in use', hints: [who] },
  ])
  t.strictSame(usedOf({ free: 1n }), [
    { level: 'note', what: '99 of 100 pages of 2M are in use', hints: [who] },
  ])
})

t.test('a full pool is a warning where overcommit is spent', async (t) => {
  t.strictSame(usedOf({ free: 0n, overcommit: 4n, surplus: 3n }), [
    {
      level: 'note',
      what: 'all 100 pages of 2M are in use (3 surplus), and overcommit may add 1',
      hints: [who],
    },
  ])
  t.strictSame(usedOf({ free: 0n, overcommit: 4n, surplus: 4n }), [
    {
      level: 'warning',
      what: 'all 100 pages of 2M are in use (4 surplus), and overcommit allows no more',
      hints: [
        who,
        "'hugepool resize 2M=100' keeps the surplus pages, so that overcommit may add others",
      ],
    },
  ])
})

t.test('or where the kernel failed to add pages, or has fewer than it promised', async (t) => {
  const levelOf = (of: Partial<Pool>, failedGrowths?: bigint) =>
    poolNearlyUsed(
      knownPools(
        [poolOf({ free: 0n, ...of })],
        failedGrowths === undefined ? {} : { failedGrowths },
      ),
    ).map(({ level }) => level)
  t.strictSame(
    [
      levelOf({ overcommit: 4n }, 1n),
      levelOf({ overcommit: 4n }, 0n),
      levelOf({ overcommit: 4n }),
      levelOf({ overcommit: 0n }, 1n),
      levelOf({}, 1n),
    ],
    [['warning'], ['note'], ['note'], ['note'], ['note']],
  )
  t.strictSame(usedOf({ free: 1n, reserved: 2n }, { free: 1n, reserved: 4n }), [
    {
      level: 'warning',
      what: '99 of 100 pages of 2M are in use, and 1 more is reserved',
      hints: [who],
    },
    {
      level: 'warning',
      what: '99 of 100 pages of 2M are in use, and 3 more are reserved',
      hints: [who],
    },
  ])
  t.equal(usedOf({ free: 1n, reserved: 1n })[0]?.level, 'note')
})

t.test('idle pages of a larger pool that splits into this size', async (t) => {
  const large = { size: G, demoteSize: 2n * M, total: 4n, free: 1n }
  t.strictSame(usedOf({ free: 0n }, large, { ...large, size: 16n * G }), [
    {
      level: 'note',
      what: 'all 100 pages of 2M are in use',
      hints: [
        who,
        "'hugepool demote 1G=1' makes 512 of a page of 1G that nobody has",
        "'hugepool demote 16G=1' makes 8192 of a page of 16G that nobody has",
      ],
    },
  ])
  const hintsBeside = (other: Partial<Pool>) =>
    usedOf({ free: 0n }, { ...large, ...other }).map(({ hints }) => hints)
  t.strictSame(hintsBeside({ reserved: 1n }), [[who]])
  t.strictSame(hintsBeside({ demoteSize: 64n * M }), [[who]])
})

const reservedOf = (of: Partial<Pool>) => poolAllReserved(knownPools([poolOf(of)]))

t.test('a pool whose free pages are all reserved', async (t) => {
  t.strictSame(reservedOf({ free: 3n, reserved: 2n }), [])
  t.strictSame(reservedOf({ free: 0n, reserved: 0n }), [])
  t.strictSame(reservedOf({ free: 3n }), [])
  t.strictSame(reservedOf({ free: 3n, reserved: 3n }), [
    {
      level: 'note',
      what: 'all 3 pages of 2M that are free are reserved: nobody else gets one',
      hints: [who],
    },
  ])
  t.strictSame(reservedOf({ free: 1n, reserved: 1n, overcommit: 1n }), [
    {
      level: 'note',
      what: 'the only page of 2M that is free is reserved, and overcommit may add 1: nobody else gets it',
      hints: [who],
    },
  ])
  t.strictSame(reservedOf({ free: 2n, reserved: 3n, overcommit: 1n, surplus: 1n }), [
    {
      level: 'warning',
      what: 'all 2 pages of 2M that are free are reserved, and overcommit allows no more, and 1 more is reserved: nobody else gets one',
      hints: [who],
    },
  ])
})

const nodes = [
  { id: 0, hasMemory: true },
  { id: 1, hasMemory: true },
  { id: 2, hasMemory: true },
  { id: 3, hasMemory: false },
]

/** A pool whose nodes have so many pages free, the last of them without memory. */
const onNodes = (free: readonly bigint[], of: Partial<KnownMachine> = {}): KnownMachine => {
  const pool = poolOf({ nodes: free.map((pages, node) => onNode(node, 50n, pages)) })
  const known = knownPools([pool], of)
  return { ...known, machine: { ...known.machine, nodes } }
}

t.test('nodes without a free page, while others have some', async (t) => {
  t.strictSame(nodeEmpty(onNodes([1n, 1n, 1n, 0n])), [])
  t.strictSame(nodeEmpty(onNodes([0n, 0n, 0n, 1n])), [])
  t.strictSame(nodeEmpty(onNodes([])), [])
  t.strictSame(nodeEmpty(onNodes([3n, 0n, 4n, 5n])), [
    {
      level: 'warning',
      what: 'node 1 has no free page of 2M, and 7 pages are free on nodes 0,2: who is bound to node 1 gets none',
      hints: ["'hugepool resize 2M=1:+1' adds a page there"],
    },
  ])
  t.strictSame(nodeEmpty(onNodes([0n, 0n, 1n, 0n])), [
    {
      level: 'warning',
      what: 'nodes 0-1 have no free page of 2M, and 1 page is free on node 2: who is bound to nodes 0-1 gets none',
      hints: ["'hugepool resize 2M=0:+1' adds a page there"],
    },
  ])
})

t.test('a node of a pool that is nearly used up', async (t) => {
  const levelOf = (free: bigint) => {
    const { machine, ...known } = onNodes([0n, free])
    const pools = machine.pools.map((pool) => ({ ...pool, free }))
    return nodeEmpty({ ...known, machine: { ...machine, pools } }).map(({ level }) => level)
  }
  t.strictSame([levelOf(5n), levelOf(6n)], [['note'], ['warning']])
})

t.test('nodes that are to have different numbers of pages', async (t) => {
  const four = { kind: 'pages', sign: '', pages: 4n } as const
  const isSilent = (start: Parameters<typeof startOf>[0]) =>
    nodeEmpty(onNodes([0n, 1n, 1n], { start: startOf(start) })).length === 0
  const configured = (counts: 'whole' | 'by-node', size = 2n * M) => ({
    configuration: configurationOf([
      configuredPool({ size: 64n * M, pages: { counts: four, atLeast: false } }),
      configuredPool({
        size,
        pages: { counts: counts === 'whole' ? four : [{ node: 1, count: four }], atLeast: false },
      }),
    ]),
  })
  const written = (size: bigint, node?: number) => ({
    written: [
      { source: 'cron', file: '/etc/crontab' },
      {
        source: 'tmpfiles',
        what: { attribute: 'persistent', size, ...(node !== undefined && { node }) },
        file: '/etc/tmpfiles.d/huge.conf',
      },
    ] as const,
  })
  t.strictSame(
    {
      nothing: isSilent({}),
      whole: isSilent(configured('whole')),
      byNode: isSilent(configured('by-node')),
      ofAnotherSize: isSilent(configured('by-node', G)),
      withoutPages: isSilent({ configuration: configurationOf([configuredPool()]) }),
      written: isSilent(written(2n * M, 0)),
      writtenWhole: isSilent(written(2n * M)),
      writtenOfAnotherSize: isSilent(written(G, 0)),
      both: isSilent({ ...configured('whole'), ...written(2n * M, 0) }),
    },
    {
      nothing: false,
      whole: false,
      byNode: true,
      ofAnotherSize: false,
      withoutPages: false,
      written: true,
      writtenWhole: false,
      writtenOfAnotherSize: false,
      both: true,
    },
  )
})

t.test('surplus that nobody uses', async (t) => {
  const surplusOf = (of: Partial<Pool>) => surplusStays(knownPools([poolOf(of)]))
  t.strictSame(surplusOf({}), [])
  t.strictSame(surplusOf({ surplus: 2n, free: 2n, reserved: 2n }), [])
  const rest =
    'free and not reserved, and will not go: the kernel gives surplus back only when a page in use is freed'
  t.strictSame(surplusOf({ surplus: 2n }), [
    {
      level: 'warning',
      what: `2 surplus pages of 2M are ${rest}`,
      hints: ["'hugepool resize 2M=98' gives them back"],
    },
  ])
  t.strictSame(surplusOf({ surplus: 3n, free: 1n }), [
    {
      level: 'warning',
      what: `1 surplus page of 2M is ${rest}`,
      hints: ["'hugepool resize 2M=97' gives it back"],
    },
  ])
})

const withMachine = (known: KnownMachine, of: Partial<Machine>): KnownMachine => ({
  ...known,
  machine: { ...known.machine, ...of },
})

t.test('pools that cannot be read', async (t) => {
  const known = knownPools([poolOf()])
  t.strictSame(poolUnreadable(known), [])
  const unread = (size: bigint, words: string, hint?: string) => ({
    size,
    error: new HugepoolError('E_KERNEL', 'not-understood', words, hint),
  })
  const unreadable = [
    unread(64n * M, 'nr_hugepages holds x'),
    unread(G, 'free_hugepages is gone', 'a\nb'),
  ]
  const shown = (size: string) =>
    `'grep . /sys/kernel/mm/hugepages/hugepages-${size}/*' shows what the kernel says of this pool`
  t.strictSame(poolUnreadable(withMachine(known, { unreadable })), [
    { level: 'problem', what: 'nr_hugepages holds x', hints: [shown('65536kB')] },
    { level: 'problem', what: 'free_hugepages is gone', hints: ['a', 'b', shown('1048576kB')] },
  ])
})

/** Memory of which the usual margin is 100M. */
const shortOf = (available: bigint, ...pools: readonly Partial<Pool>[]) =>
  memoryShort(
    withMachine(knownPools(pools.map(poolOf)), { memory: { total: 5000n * M, available } }),
  )

t.test('less memory than the margin is left', async (t) => {
  const what =
    '99M of memory are left for everything else, less than 100M, while the pools have 200M'
  t.strictSame(shortOf(100n * M, {}), [])
  t.strictSame(shortOf(0n, { total: 0n, free: 0n }), [])
  t.strictSame(memoryShort(knownPools([poolOf()])), [])
  t.strictSame(shortOf(100n * M - 1n, { reserved: 30n }), [
    {
      level: 'problem',
      what,
      hints: ["'hugepool resize 2M=-70' gives back what nobody has of 2M"],
    },
  ])
  t.strictSame(shortOf(99n * M, { free: 0n }), [
    { level: 'problem', what, hints: ["'hugepool who' shows who holds the pages"] },
  ])
})

t.test('the pool with the most idle memory is the one to give back', async (t) => {
  const hintsOf = (...pools: readonly Partial<Pool>[]) =>
    shortOf(0n, ...pools).map(({ what, hints }) => [what.slice(-5), hints])
  const small = { total: 600n, free: 600n }
  const smallHint = "'hugepool resize 2M=-600' gives back what nobody has of 2M"
  const large = { size: G, total: 2n, free: 1n }
  t.strictSame(hintsOf(small, large), [['3248M', [smallHint]]])
  t.strictSame(hintsOf(large, small), [['3248M', [smallHint]]])
  const both = { ...large, free: 2n }
  const largeHint = "'hugepool resize 1G=-2' gives back what nobody has of 1G"
  t.strictSame(hintsOf(small, both), [['3248M', [largeHint]]])
  t.strictSame(hintsOf(both, small), [['3248M', [largeHint]]])
})

t.test('huge pages that the kernel could not make', async (t) => {
  const failedOf = (failedGrowths: bigint) => growthFailed(knownPools([], { failedGrowths }))
  const rest = 'since it started (htlb_buddy_alloc_fail): memory was short, or in pieces'
  const hints = ["'hugepool resize SIZE=COUNT --compact' has it compact memory first"]
  t.strictSame(growthFailed(knownPools([])), [])
  t.strictSame(failedOf(0n), [])
  t.strictSame(failedOf(1n), [
    { level: 'note', what: `the kernel could not make 1 huge page ${rest}`, hints },
  ])
  t.strictSame(failedOf(7n), [
    { level: 'note', what: `the kernel could not make 7 huge pages ${rest}`, hints },
  ])
})
