import { changeSchema, listSchema } from '../../src/output/schemas/pools-schema.ts'
import { liveOn } from './support/live.ts'
import { countsOf, memoryNodes, smallest } from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'
import { nodeCountsOf, setSpread, spreadOf } from './support/spread.ts'
import { first, name, second, useNode } from './support/two-nodes.ts'

const live = liveOn('room', 'two nodes with memory')

interface Case {
  readonly before: readonly [number, number]
  /** Which of the two nodes is the next one to give or to free a page. */
  readonly turn: 0 | 1
  readonly requested: number
  readonly after: readonly [number, number]
}

const growths: readonly Case[] = [
  { before: [0, 0], turn: 0, requested: 5, after: [3, 2] },
  { before: [0, 0], turn: 1, requested: 5, after: [2, 3] },
  { before: [5, 0], turn: 0, requested: 10, after: [8, 2] },
  { before: [5, 0], turn: 1, requested: 10, after: [7, 3] },
  { before: [1, 8], turn: 1, requested: 10, after: [1, 9] },
  // More than one write of hugepool, each of which goes on where the last one left off
  { before: [0, 3], turn: 0, requested: 304, after: [151, 153] },
]

const shrinks: readonly Case[] = [
  { before: [4, 4], turn: 0, requested: 5, after: [2, 3] },
  { before: [4, 4], turn: 1, requested: 5, after: [3, 2] },
  // The second node has no more to free, and the first one makes up for it.
  { before: [7, 1], turn: 0, requested: 3, after: [3, 0] },
  { before: [2, 6], turn: 1, requested: 0, after: [0, 0] },
]

const says = ({ before, turn, requested, after }: Case): string =>
  `${before.join(' and ')} resized to ${requested} from the ${turn === 0 ? 'first' : 'second'} node on: ${after.join(' and ')}`

const bothNodes = <T>(one: (index: 0 | 1) => T): readonly T[] => [one(0), one(1)]

for (const one of [...growths, ...shrinks])
  live(`a whole pool is spread in turn: ${says(one)}`, async (t) => {
    const { before, turn, requested, after } = one
    setSpread(smallest, before, turn)
    const { status, err, document } = await hugepoolJson(
      changeSchema,
      ...['resize', `${name}=${requested}`],
    )
    t.strictSame({ status, err }, { status: 0, err: '' }, 'is done')
    t.strictSame(spreadOf(smallest), after, 'nothing is evened out')
    const [change] = document.changes
    t.hasStrict(change, { after: BigInt(requested), short: 0n, outcome: 'done' })
    const told = change?.nodes?.filter(({ node }) => memoryNodes.includes(node))
    t.strictSame(
      told,
      bothNodes((index) => ({
        node: memoryNodes[index],
        before: BigInt(before[index]),
        after: BigInt(after[index]),
      })),
      'the document says so of each node',
    )
  })

live('pages that come one at a time take turns', async (t) => {
  setSpread(smallest, [0, 4], 1)
  const wanted = [
    [0, 5],
    [1, 5],
    [1, 6],
    [2, 6],
  ]
  for (const spread of wanted) {
    t.equal((await hugepool('resize', `${name}=+1`)).status, 0)
    t.strictSame(spreadOf(smallest), spread)
  }
})

live('the table of a spread has a line for the pool and one for each node', async (t) => {
  setSpread(smallest, [5, 0], 1)
  const { out } = await hugepool('resize', `${name}=10`, '--raw', '--noheadings')
  const lines = out
    .trimEnd()
    .split('\n')
    .filter((line) => [`all`, `${first}`, `${second}`].includes(line.split(' ')[1] ?? ''))
  t.strictSame(lines, [
    `${name} all 5 10 10 0 done`,
    `${name} ${first} 5 - 7 - -`,
    `${name} ${second} 0 - 3 - -`,
  ])
})

/** Three pages on the first node, of which two are surplus and in use, and four on the second. */
const unequal = async (): Promise<void> => {
  await useNode({ spread: [3, 4], persistent: 1 })
}

live('list --per-node says what the kernel counts on each node', async (t) => {
  await unequal()
  const columns = 'node,total,persistent,free,reserved,in-use,surplus'
  const words = ['list', name, '--per-node', '--raw', '--noheadings', '-o', columns]
  const { status, out } = await hugepool(...words)
  t.equal(status, 0)
  const lines = out.trimEnd().split('\n')
  t.equal(lines[0], 'all 7 5 4 0 3 2')
  t.ok(lines.includes(`${first} 3 1 0 - 3 2`), 'the first node')
  t.ok(lines.includes(`${second} 4 4 4 - 0 0`), 'the second node')
  t.strictSame(nodeCountsOf(smallest, first), { total: 3, free: 0, surplus: 2 }, 'as in /sys')
  t.strictSame(nodeCountsOf(smallest, second), { total: 4, free: 4, surplus: 0 })
})

live('the nodes of a document add up to the pool', async (t) => {
  await unequal()
  const { document } = await hugepoolJson(listSchema, 'list', name, '--per-node')
  const [pool] = document.pools
  const keys = ['total', 'persistent', 'free', 'inUse', 'surplus', 'memory'] as const
  for (const key of keys) {
    const sum = pool?.nodes?.reduce((all, node) => all + (node[key] ?? 0n), 0n)
    t.equal(sum, pool?.[key], key)
  }
  const { total, free, surplus } = countsOf(smallest)
  t.strictSame([pool?.total, pool?.free, pool?.surplus], [total, free, surplus].map(BigInt))
})
