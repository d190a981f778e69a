import t from 'tap'
import {
  allowedWords,
  changeWords,
  isHeldBack,
  obstacleWords,
} from '../../../src/model/pools/change-words.ts'
import type { Pool } from '../../../src/model/pools/machine.ts'
import { changesOf, overallOutcome } from '../../../src/model/pools/pool-change.ts'
import { type PoolPlan, stepFor } from '../../../src/model/pools/pool-plan.ts'
import { machineOf, poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M

interface Seen {
  readonly total: bigint
  readonly surplus?: bigint
  readonly free?: bigint
  readonly reserved?: bigint
  readonly overcommit?: bigint
  readonly nodes?: readonly (readonly [total: bigint, surplus: bigint, free?: bigint])[]
}

const poolSeen = (seen: Seen): Pool => {
  const { total, surplus = 0n, free = 0n, reserved = 0n, overcommit = 0n, nodes = [] } = seen
  return poolOf(size, {
    total,
    surplus,
    free,
    reserved,
    overcommit,
    nodes: nodes.map(([total, surplus, free = 0n], node) => ({ node, total, surplus, free })),
  })
}

const planFor = (requested: bigint, node?: number): PoolPlan => ({
  steps: [],
  notes: [],
  memoryMinimums: [],
  settings: [{ size, attribute: 'persistent', requested, ...(node !== undefined && { node }) }],
})

const judge = (was: Seen, requested: bigint, is: Seen, node?: number) => {
  const [before, after] = [poolSeen(was), poolSeen(is)]
  const [change, ...more] = changesOf(
    machineOf([before], []),
    machineOf([after], []),
    planFor(requested, node),
  )
  if (change === undefined || more.length > 0) throw new Error('one change is expected')
  return {
    ...change,
    words: changeWords(change, after).join('; ') || undefined,
    allowed: allowedWords(change, after),
  }
}

t.test('what was reached is done, what was so already is unchanged', async (t) => {
  t.hasStrict(judge({ total: 0n }, 512n, { total: 512n }), {
    before: 0n,
    requested: 512n,
    after: 512n,
    short: 0n,
    becameSurplus: 0n,
    outcome: 'done',
    words: undefined,
  })
  t.hasStrict(judge({ total: 512n }, 512n, { total: 512n }), { outcome: 'unchanged', short: 0n })
})

t.test('a growth that fell short is partial, also where it gained nothing', async (t) => {
  t.hasStrict(judge({ total: 10n }, 512n, { total: 498n }), {
    after: 498n,
    short: 14n,
    outcome: 'partial',
    words: '2M: asked for 512, got 498: 14 short',
  })
  t.hasStrict(judge({ total: 10n }, 512n, { total: 10n }), { short: 502n, outcome: 'partial' })
})

t.test('the outcome is judged on persistent pages, not on the total', async (t) => {
  t.hasStrict(judge({ total: 20n, surplus: 10n }, 20n, { total: 20n }), {
    before: 10n,
    after: 20n,
    outcome: 'done',
  })
  t.hasStrict(judge({ total: 0n }, 20n, { total: 20n, surplus: 5n }), {
    after: 15n,
    outcome: 'partial',
  })
})

t.test('a shrink whose pages became surplus is partial and says so', async (t) => {
  t.hasStrict(judge({ total: 100n }, 0n, { total: 12n, surplus: 12n }), {
    after: 0n,
    short: 0n,
    becameSurplus: 12n,
    outcome: 'partial',
    words:
      '2M: 12 pages are still in use and became surplus: they leave the pool when they are freed',
  })
  t.hasStrict(judge({ total: 5n }, 0n, { total: 1n, surplus: 1n, reserved: 1n }), {
    words:
      '2M: 1 page is still in use or reserved and became surplus: it leaves the pool when it is freed',
  })
})

t.test('free pages that became surplus have no users that could end', async (t) => {
  const was = { total: 2n, surplus: 1n, free: 1n }
  const idle = '2M: 1 free page became surplus; the same command again frees it'
  t.hasStrict(judge(was, 0n, { total: 2n, surplus: 2n, free: 1n }), {
    becameSurplus: 1n,
    words: `2M: 1 page is still in use and became surplus: it leaves the pool when it is freed; ${idle}`,
  })
  const both = judge({ total: 9n, surplus: 1n, free: 2n }, 0n, { total: 9n, surplus: 9n, free: 2n })
  t.equal(
    both.words,
    '2M: 7 pages are still in use and became surplus: they leave the pool when they are freed; ' +
      '2M: 2 free pages became surplus; the same command again frees them',
  )
})

t.test('what is beyond the pages asked for and those in use is idle surplus', async (t) => {
  const was = {
    total: 8n,
    free: 5n,
    nodes: [
      [4n, 0n, 4n],
      [4n, 0n, 1n],
    ],
  } as const
  const is = {
    total: 8n,
    surplus: 3n,
    free: 5n,
    nodes: [
      [4n, 0n, 4n],
      [4n, 3n, 1n],
    ],
  } as const
  const { words, becameSurplus } = judge(was, 1n, is, 1)
  t.equal(becameSurplus, 3n)
  t.equal(
    words,
    '2M on node 1: 2 pages are still in use and became surplus: they leave the pool when they are freed; ' +
      '2M on node 1: 1 free page became surplus; the same command again frees it',
  )
  const reserved = judge({ ...was, reserved: 5n }, 1n, { ...is, reserved: 5n }, 1)
  t.match(reserved.words, /^2M on node 1: 3 pages are still in use or reserved and [^;]*$/)
})

const stays = (pages: string, allowed = '') =>
  `2M: ${pages} are still in use and became surplus${allowed}: they leave the pool when they are freed`

t.test('what the kernel shows decides, whatever was there before', async (t) => {
  const left = { total: 12n, surplus: 12n }
  const first = judge({ total: 100n }, 0n, left)
  const second = judge(left, 0n, left)
  const partial = { outcome: 'partial', surplus: 12n, aboveOvercommit: 12n } as const
  t.hasStrict(first, { ...partial, becameSurplus: 12n, words: stays('12 pages') })
  t.hasStrict(second, { ...partial, becameSurplus: 0n, words: stays('12 pages') })
  const kept = judge({ total: 100n, surplus: 5n }, 50n, { total: 55n, surplus: 5n })
  t.hasStrict(kept, { becameSurplus: 0n, outcome: 'partial', words: stays('5 pages') })
  const grown = judge({ total: 5n, surplus: 5n }, 2n, { total: 5n, surplus: 3n })
  t.hasStrict(grown, { becameSurplus: 0n, outcome: 'partial', words: stays('3 pages') })
})

t.test('surplus that overcommit allows is told, and is no shortfall', async (t) => {
  const was = { total: 100n, overcommit: 12n }
  const left = { total: 12n, surplus: 12n, overcommit: 12n }
  const allowed = [stays('12 pages', ', which overcommit allows')]
  const reached = { surplus: 12n, aboveOvercommit: 0n, words: undefined, allowed } as const
  t.hasStrict(judge(was, 0n, left), { ...reached, becameSurplus: 12n, outcome: 'done' })
  t.hasStrict(judge(left, 0n, left), { ...reached, becameSurplus: 0n, outcome: 'unchanged' })
  const grown = judge(left, 5n, { ...left, surplus: 7n })
  t.hasStrict(grown, { outcome: 'done', words: undefined, allowed: [] })
  const less = judge(was, 0n, { ...left, overcommit: 11n })
  t.hasStrict(less, { aboveOvercommit: 1n, outcome: 'partial', words: stays('12 pages') })
})

t.test('a node has no more pages above overcommit than surplus', async (t) => {
  const nodes = [
    [2n, 2n],
    [4n, 4n],
  ] as const
  const now = (overcommit: bigint, node: number) =>
    judge({ total: 6n }, 0n, { total: 6n, surplus: 6n, overcommit, nodes }, node)
  t.hasStrict(now(0n, 0), { surplus: 2n, aboveOvercommit: 2n, outcome: 'partial' })
  t.hasStrict(now(3n, 1), { surplus: 4n, aboveOvercommit: 3n, outcome: 'partial' })
  t.hasStrict(now(6n, 1), { surplus: 4n, aboveOvercommit: 0n, outcome: 'unchanged' })
})

t.test('a shrink that did not get there says what is still there', async (t) => {
  t.hasStrict(judge({ total: 10n }, 0n, { total: 4n }), {
    short: 4n,
    outcome: 'partial',
    words: '2M: asked for 0, still 4: 4 short',
  })
})

t.test('what is more than asked for is said, where it is no shrink that fell short', async (t) => {
  const words = (was: bigint, requested: bigint, is: bigint) =>
    judge({ total: was }, requested, { total: is }).words
  t.equal(words(10n, 20n, 25n), '2M: asked for 20, got 25: more than asked for')
  t.equal(words(10n, 5n, 12n), '2M: asked for 5, got 12: more than asked for')
  t.equal(words(10n, 5n, 10n), '2M: asked for 5, still 10: 5 short')
  t.equal(words(10n, 10n, 9n), '2M: asked for 10, 9 are left: 1 fewer than asked for')
  t.equal(words(10n, 10n, 1n), '2M: asked for 10, 1 is left: 9 fewer than asked for')
})

t.test('short is how far the pages are from those asked for, in either direction', async (t) => {
  const short = (was: bigint, requested: bigint, is: bigint) =>
    judge({ total: was }, requested, { total: is }).short
  t.equal(short(4n, 1n, 8n), 7n)
  t.equal(short(1n, 4n, 8n), 4n)
  t.equal(short(1n, 4n, 3n), 1n)
  t.equal(short(4n, 4n, 8n), 4n)
  t.equal(short(8n, 4n, 3n), 1n)
  t.equal(short(8n, 4n, 4n), 0n)
})

t.test('a node is judged by its own counters, and named', async (t) => {
  const was = {
    total: 30n,
    nodes: [
      [10n, 0n],
      [20n, 0n],
    ],
  } as const
  const is = {
    total: 45n,
    nodes: [
      [10n, 0n],
      [35n, 0n],
    ],
  } as const
  const { nodes, ...judged } = judge(was, 40n, is, 1)
  t.strictSame(nodes, [])
  t.hasStrict(judged, {
    node: 1,
    before: 20n,
    after: 35n,
    short: 5n,
    words: '2M on node 1: asked for 40, got 35: 5 short',
  })
  const shrunk = {
    total: 20n,
    surplus: 10n,
    nodes: [
      [10n, 0n],
      [10n, 10n],
    ],
  } as const
  t.match(judge(was, 0n, shrunk, 1), { becameSurplus: 10n, words: /^2M on node 1: 10 pages are/ })
})

t.test('a change of a whole pool tells how it spread over the nodes', async (t) => {
  const was = {
    total: 30n,
    surplus: 2n,
    nodes: [
      [10n, 0n],
      [20n, 2n],
    ],
  } as const
  const is = {
    total: 50n,
    nodes: [
      [20n, 0n],
      [30n, 0n],
    ],
  } as const
  t.strictSame(judge(was, 50n, is).nodes, [
    { node: 0, before: 10n, after: 20n },
    { node: 1, before: 18n, after: 30n },
  ])
})

t.test('overcommit is judged on its own number', async (t) => {
  const machine = (overcommit: bigint) =>
    machineOf(
      [
        poolOf(size, {
          total: 7n,
          overcommit,
          nodes: [{ node: 0, total: 7n, free: 0n, surplus: 0n }],
        }),
      ],
      [],
    )
  const plan: PoolPlan = {
    steps: [],
    notes: [],
    memoryMinimums: [],
    settings: [{ size, attribute: 'overcommit', requested: 9n }],
  }
  const raised = changesOf(machine(3n), machine(9n), plan)
  t.hasStrict(raised, [{ before: 3n, after: 9n, short: 0n, outcome: 'done' }])
  t.strictSame(
    raised.map(({ nodes }) => nodes),
    [[]],
  )
  t.hasStrict(changesOf(machine(9n), machine(9n), plan), [{ outcome: 'unchanged' }])
})

t.test(
  'one partial change makes a call partial, all unchanged ones leave it unchanged',
  async (t) => {
    const outcome = (...outcomes: readonly ('done' | 'unchanged' | 'partial')[]) =>
      overallOutcome(outcomes.map((one) => ({ outcome: one })))
    t.equal(outcome('done', 'partial', 'unchanged'), 'partial')
    t.equal(outcome('done', 'unchanged'), 'done')
    t.equal(outcome('unchanged', 'unchanged'), 'unchanged')
    t.equal(outcome(), 'unchanged')
  },
)

t.test('what frees surplus only is done, although the number is the same', async (t) => {
  const machine = (total: bigint, surplus: bigint) => machineOf([poolSeen({ total, surplus })], [])
  const step = stepFor({ size, attribute: 'persistent' }, 8n, 2n)
  const plan = { ...planFor(2n), steps: [step] }
  t.hasStrict(changesOf(machine(8n, 6n), machine(2n, 0n), plan), [{ outcome: 'done' }])
  t.hasStrict(changesOf(machine(8n, 0n), machine(8n, 0n), planFor(8n)), [{ outcome: 'unchanged' }])
})

t.test('for a call that puts back, what is held is the obstacle', async (t) => {
  const change = judge({ total: 9n }, 0n, { total: 9n, surplus: 9n })
  const pool = poolSeen({ total: 9n, surplus: 9n })
  t.strictSame(obstacleWords(change, pool), ['2M: 9 pages are in use, so it cannot shrink to 0'])
  t.equal(isHeldBack(change, pool), true)
  t.equal(isHeldBack(judge({ total: 9n }, 0n, { total: 0n }), poolSeen({ total: 0n })), false)
})

t.test('surplus that overcommit allows is no reason, whatever else is one', async (t) => {
  const allowed = [
    '2M: 4 pages are still in use and became surplus, which overcommit allows: they leave the pool when they are freed',
  ]
  const is = { total: 9n, surplus: 4n, overcommit: 8n }
  t.hasStrict(judge({ total: 10n }, 4n, is), {
    outcome: 'partial',
    words: '2M: asked for 4, still 5: 1 short',
    allowed,
  })
  t.hasStrict(judge({ total: 10n }, 5n, is), { outcome: 'done', words: undefined, allowed })
  const [change] = changesOf(
    machineOf([poolSeen({ total: 10n })], []),
    machineOf([poolSeen(is)], []),
    planFor(5n),
  )
  t.strictSame(change && obstacleWords(change, poolSeen(is)), [], 'nor does it put anything back')
})
