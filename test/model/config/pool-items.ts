import t from 'tap'
import { unsupported } from '../../../src/errors.ts'
import type { ConfiguredPool } from '../../../src/model/config/configuration.ts'
import {
  overcommitAssignments,
  pagesAssignments,
} from '../../../src/model/config/configured-assignments.ts'
import { parseConfiguredPages } from '../../../src/model/config/configured-count.ts'
import { poolItems, withoutOptional } from '../../../src/model/config/pool-items.ts'
import type { Machine } from '../../../src/model/pools/machine.ts'
import { planOvercommit } from '../../../src/model/pools/overcommit-plan.ts'
import { planResize } from '../../../src/model/pools/resize-plan.ts'
import { parseCount } from '../../../src/model/words/count.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const on = (node: number, total: bigint, surplus = 0n) => ({ node, total, free: total, surplus })
const machine = machineOf(
  [
    poolOf(2n * M, {
      total: 9n,
      free: 5n,
      surplus: 3n,
      overcommit: 1n,
      nodes: [on(0, 4n), on(1, 5n, 3n)],
    }),
    poolOf(G, { total: 1n, free: 1n, nodes: [on(0, 1n), on(1, 0n)] }),
  ],
  [nodeOf(0, 4n * G), nodeOf(1, 4n * G)],
)

type Extra = Partial<Omit<ConfiguredPool, 'pages' | 'overcommit'>>

const pool = (pages: string, extra: Extra = {}): ConfiguredPool => ({
  size: 2n * M,
  essential: true,
  optional: false,
  boot: false,
  pages: parseConfiguredPages(pages),
  ...extra,
})

const planOf = (pools: readonly ConfiguredPool[], from: Machine = machine) =>
  planResize(from, { assignments: pagesAssignments(from, pools), keepGoing: true })

const items = (...pools: readonly ConfiguredPool[]) =>
  poolItems(machine, pools, 'persistent', planOf(pools))

const named = { attribute: 'persistent', size: 2n * M, key: 'pools.2M.pages', essential: true }

t.test('as wanted, by persistent pages, whatever surplus there is', async (t) => {
  t.strictSame(items(pool('6')), [
    {
      ...named,
      wanted: 6n,
      found: 6n,
      state: 'ok',
      why: '2 surplus pages are still in use, and more than overcommit allows',
    },
  ])
  t.strictSame(
    items(pool('0:4,1:2')).map(({ node, state, found }) => [node, state, found]),
    [
      [0, 'ok', 4n],
      [1, 'ok', 2n],
    ],
  )
})

t.test('one page of surplus', async (t) => {
  const one = poolOf(2n * M, { total: 6n, surplus: 1n, overcommit: 0n })
  const from = machineOf([one], [nodeOf(0, G)])
  const pools = [pool('5')]
  t.hasStrict(poolItems(from, pools, 'persistent', planOf(pools, from)), [
    { state: 'ok', why: '1 surplus page is still in use, and more than overcommit allows' },
  ])
})

t.test('without HugeTLB what is optional may be missing', async (t) => {
  const error = unsupported('no-hugetlb', 'this kernel has no HugeTLB pools')
  const plan = { settings: [], leftOut: [{ size: 2n * M, error }] }
  const found = (optional: boolean) =>
    poolItems(machine, [pool('0:1', { optional })], 'persistent', plan).map(({ state, wanted }) => [
      state,
      wanted,
    ])
  t.strictSame([found(true), found(false)], [[['ok', '0:1']], [['missing', '0:1']]])
})

t.test('fewer and more than wanted', async (t) => {
  t.strictSame(items(pool('8', { essential: false })), [
    {
      ...named,
      essential: false,
      wanted: 8n,
      found: 6n,
      state: 'drift',
      why: '2 fewer than wanted',
      lacks: true,
      planned: true,
    },
  ])
  t.strictSame(items(pool('0:4')), [
    { ...named, node: 0, wanted: 4n, found: 4n, state: 'ok' },
    {
      ...named,
      node: 1,
      wanted: 0n,
      found: 2n,
      state: 'drift',
      why: '2 more than wanted',
      planned: true,
    },
  ])
})

t.test('at least', async (t) => {
  t.strictSame(
    items(pool('>=5'), pool('>=0:0,1:4', { size: G })).map(({ why: _, ...item }) => item),
    [
      { ...named, wanted: 5n, atLeast: true, found: 6n, state: 'ok' },
      {
        ...named,
        size: G,
        key: 'pools.1G.pages',
        node: 0,
        wanted: 0n,
        atLeast: true,
        found: 1n,
        state: 'ok',
      },
      {
        ...named,
        size: G,
        key: 'pools.1G.pages',
        node: 1,
        wanted: 4n,
        atLeast: true,
        found: 0n,
        state: 'short',
        reason: 'margin',
        hints: [
          'the largest count that fits is 1G=1:3; --leave AMOUNT changes the margin, --leave 0 lets the kernel try',
        ],
        possible: 3n,
        lacks: true,
      },
    ],
  )
})

t.test('short: what memory allows at most', async (t) => {
  const [short] = items(pool('99', { size: G }))
  t.hasStrict(short, { wanted: 99n, found: 1n, state: 'short', possible: 7n, lacks: true })
  t.notOk(short && 'planned' in short)
  const none = { ...machine, memory: { total: 8n * G, available: 0n } }
  const pools = [pool('99', { size: G })]
  t.hasStrict(poolItems(none, pools, 'persistent', planOf(pools, none))[0], { possible: 1n })
})

t.test('missing: a size and a node', async (t) => {
  const missing = {
    ...named,
    state: 'missing',
    lacks: true,
  }
  t.strictSame(items(pool('0:1,7:2'), pool('>=3', { size: 16n * M })), [
    {
      ...named,
      node: 0,
      wanted: 1n,
      found: 4n,
      state: 'drift',
      why: '3 more than wanted',
      planned: true,
    },
    {
      ...named,
      node: 1,
      wanted: 0n,
      found: 2n,
      state: 'drift',
      why: '2 more than wanted',
      planned: true,
    },
    {
      ...missing,
      node: 7,
      wanted: 2n,
      why: 'there is no node 7 here',
      reason: 'no-node',
      hints: ['this machine has nodes 0-1'],
    },
    {
      ...missing,
      size: 16n * M,
      key: 'pools.16M.pages',
      wanted: 3n,
      why: 'there are no 16M pages here',
      reason: 'no-size',
      hints: ['this machine has 2M, 1G'],
    },
  ])
})

t.test('what is optional may be missing, and nobody has to hear of it', async (t) => {
  const pools = [
    pool('0:1,1:1', { size: 16n * M, optional: true }),
    pool('0:4,1:2,7:2', { optional: true }),
  ]
  t.strictSame(
    items(...pools).map(({ size, node, wanted, state, why, lacks }) => [
      size,
      node,
      wanted,
      state,
      why,
      lacks,
    ]),
    [
      [16n * M, undefined, '0:1,1:1', 'ok', 'optional: there are no 16M pages here', undefined],
      [2n * M, 0, 4n, 'ok', undefined, undefined],
      [
        2n * M,
        1,
        2n,
        'ok',
        '2 surplus pages are still in use, and more than overcommit allows',
        undefined,
      ],
      [2n * M, 7, 2n, 'ok', 'optional: there is no node 7 here', undefined],
    ],
  )
  const plan = planOf([...pools, pool('9', { size: 4n * M })])
  t.strictSame(
    withoutOptional(plan, pools).leftOut?.map(({ size }) => size),
    [4n * M],
  )
  t.strictSame(withoutOptional({ ...plan, leftOut: [] }, pools).leftOut, [])
  const short = [pool('99', { size: G, optional: true })]
  t.equal(withoutOptional(planOf(short), short).leftOut?.length, 1, 'a shortage is told')
})

t.test('overcommit', async (t) => {
  const { overcommit: _, ...limitless } = poolOf(G)
  const from = machineOf([poolOf(2n * M, { overcommit: 1n }), limitless], [nodeOf(0, G)])
  const overcommit = parseCount('8M')
  const { pages: __, ...bare } = pool('1')
  const pools = [
    { ...bare, overcommit },
    { ...bare, size: G, overcommit },
  ].map((one) => ({
    ...one,
    overcommit: one.size === G ? parseCount('2') : overcommit,
  }))
  const assignments = overcommitAssignments(pools)
  const plan = planOvercommit(from, { assignments, keepGoing: true })
  const attribute = 'overcommit'
  t.strictSame(poolItems(from, pools, attribute, plan), [
    {
      ...named,
      attribute,
      key: 'pools.2M.overcommit',
      wanted: 4n,
      found: 1n,
      state: 'drift',
      why: '3 fewer than wanted',
      lacks: true,
      planned: true,
    },
    {
      ...named,
      attribute,
      size: G,
      key: 'pools.1G.overcommit',
      wanted: 2n,
      state: 'short',
      why: '1G pages have no overcommit here',
      reason: 'no-feature',
      lacks: true,
    },
  ])
})
