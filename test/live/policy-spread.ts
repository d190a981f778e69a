import { changeSchema, dryRunSchema } from '../../src/output/schemas/pools-schema.ts'
import { liveOn } from './support/live.ts'
import {
  countsOf,
  memoryNodes,
  nodeMemory,
  persistentOf,
  poolPath,
  sizeName,
  smallest,
} from './support/machine.ts'
import { hugepool, hugepoolJson, native } from './support/program.ts'
import { setSpread, spreadOf, turnTo } from './support/spread.ts'

const live = liveOn('room', 'two nodes with memory')

const name = sizeName(smallest)
const [first = 0, second = 1] = memoryNodes
const both = `${first},${second}`

const resize = (count: string | number, policy: string, ...words: readonly string[]) =>
  hugepool('resize', `${name}=${count}`, '--mempolicy', policy, ...words)

interface Placement {
  readonly policy: string
  readonly requested: number
  readonly after: readonly [number, number]
}

/**
 * From two pages on each node, the first one's turn. A policy of all nodes spreads as none does: that
 * the thread has it is seen in mempolicy-calls.ts.
 */
const placements: readonly Placement[] = [
  { policy: `bind:${first}`, requested: 9, after: [7, 2] },
  { policy: `bind:${second}`, requested: 9, after: [2, 7] },
  { policy: `bind:${both}`, requested: 9, after: [5, 4] },
  { policy: `interleave:${both}`, requested: 9, after: [5, 4] },
  { policy: `interleave:${second}`, requested: 9, after: [2, 7] },
  { policy: `preferred:${first}`, requested: 9, after: [7, 2] },
  { policy: `preferred:${second}`, requested: 9, after: [2, 7] },
  { policy: `bind:${second}`, requested: 3, after: [2, 1] },
  { policy: `interleave:${both}`, requested: 1, after: [0, 1] },
]

for (const { policy, requested, after } of placements)
  live(`--mempolicy ${policy} takes 2 and 2 to ${after.join(' and ')}`, async (t) => {
    setSpread(smallest, [2, 2])
    const { status, err } = await resize(requested, policy)
    t.strictSame({ status, err }, { status: 0, err: '' })
    t.strictSame(spreadOf(smallest), after)
    t.strictSame(native().getMempolicy(), { mode: 0, nodes: [] }, 'the policy was for the write')
  })

live('a shrink under a policy stops where its nodes have no more', async (t) => {
  setSpread(smallest, [2, 2])
  const { status, err } = await resize(1, `bind:${second}`)
  const kept = `2 pages are on node ${first}, which the policy leaves alone: no fewer will remain`
  const short = 'asked for 1, still 2: 1 short'
  const said = `hugepool: note: ${name}: ${kept}\nhugepool: ${name}: ${short}\n`
  t.strictSame({ status, err }, { status: 64, err: said })
  t.strictSame(spreadOf(smallest), [2, 0])
})

live('the document of a growth under a policy has the nodes', async (t) => {
  setSpread(smallest, [2, 2])
  const words = ['resize', `${name}=+3`, '--mempolicy', `bind:${second}`]
  const { document } = await hugepoolJson(changeSchema, ...words)
  const told = document.changes[0]?.nodes?.filter(({ node }) => memoryNodes.includes(node))
  t.strictSame(told, [
    { node: first, before: 2n, after: 2n },
    { node: second, before: 2n, after: 5n },
  ])
})

live('a dry run under a policy is a line for numactl', async (t) => {
  setSpread(smallest, [2, 2])
  const path = poolPath(smallest, 'nr_hugepages_mempolicy')
  const { out } = await resize(9, `interleave:${second}`, '--dry-run')
  t.equal(out, `numactl --interleave=${second} sh -c 'echo 9 > ${path}'\n`)
  const words = ['resize', `${name}=9`, '--mempolicy', `bind:${second}`, '--dry-run']
  const { document } = await hugepoolJson(dryRunSchema, ...words)
  const mempolicy = { mode: 'bind', nodes: [BigInt(second)] }
  t.strictSame(document.writes, [{ path, value: 9n, mempolicy }])
  t.strictSame(spreadOf(smallest), [2, 2])
})

live('a policy beyond the memory of its node is refused', async (t) => {
  setSpread(smallest, [2, 2])
  const most = Math.floor(nodeMemory(second) / smallest)
  const { status, err } = await resize(most, `bind:${second}`)
  t.equal(status, 1)
  t.match(
    err,
    new RegExp(`would leave less than \\S+ of the \\S+ of memory available on node ${second}\n`),
  )
  t.match(err, new RegExp(`^hint: the largest count that fits is ${name}=\\d+; --leave`, 'm'))
  t.strictSame(spreadOf(smallest), [2, 2])
})

live('max under a policy is what its node has room for', async (t) => {
  setSpread(smallest, [0, 0])
  const lineOf = async (...words: readonly string[]) => {
    const { out } = await hugepool('resize', ...words, '--dry-run')
    return Number(/echo (\d+) >/.exec(out)?.[1])
  }
  const bound = await lineOf(`${name}=max`, '--mempolicy', `bind:${second}`)
  const named = await lineOf(`${name}=${second}:max`)
  // Between the two looks the kernel and the tests take memory and give it back.
  const tolerance = named / 16
  t.ok(Math.abs(bound - named) <= tolerance, `${bound} pages, and ${named} with the node named`)
  t.ok(bound > 0)
})

live('policies that cannot be are errors before any write', async (t) => {
  setSpread(smallest, [2, 2])
  const cases: readonly (readonly [policy: string, status: number, words: RegExp])[] = [
    ['bind:1023', 4, /there is no node 1023 here/],
    [`interleave:${first},1023`, 4, /there is no node 1023 here/],
    [`preferred:${both}`, 2, /prefers more than one node/],
    ['bind:all', 2, /has to name its nodes/],
    ['local:0', 2, /is not a memory policy/],
    ['bind:', 2, /.+/],
  ]
  for (const [policy, wanted, words] of cases) {
    const { status, err } = await resize(9, policy)
    t.equal(status, wanted, policy)
    t.match(err, words)
  }
  const beside = await resize(9, `bind:${first}`, '--node', `${first}`)
  t.equal(beside.status, 2, 'and a node beside it')
  t.strictSame(spreadOf(smallest), [2, 2])
})

live('a plain write goes to all nodes, whatever the policy of the writer', async (t) => {
  setSpread(smallest, [2, 2])
  native().setMempolicy(2, [second])
  try {
    t.equal((await hugepool('resize', `${name}=8`)).status, 0)
  } finally {
    native().setMempolicy(0, [])
  }
  t.strictSame(spreadOf(smallest), [4, 4])
  turnTo(smallest, first)
  t.equal(persistentOf(smallest), countsOf(smallest).total)
})
