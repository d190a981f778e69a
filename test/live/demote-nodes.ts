import { demoteSchema } from '../../src/output/schemas/pools-schema.ts'
import { hold } from './support/holder.ts'
import { kernelHas } from './support/kernels.ts'
import { liveOn, snapshot } from './support/live.ts'
import {
  countsOf,
  gigantic,
  memoryNodes,
  poolPath,
  setPool,
  sizeName,
  sizes,
  writeNumber,
} from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'
import { holdOn, nodeCountsOf, spreadOf } from './support/spread.ts'

const live = liveOn(
  'room',
  'two nodes with memory',
  'demote (Linux 5.16)',
  'room for 1G on each node',
)

const [first = 0, second = 1] = memoryNodes
const large = gigantic ?? 2 ** 30
const name = sizeName(large)
/** The next size below, into which a page is split where nothing else is said. */
const smaller = sizes.findLast((size) => size < large) ?? large
const parts = large / smaller

/** A large page on each node and no small ones, which would be in its way. */
const oneOnEach = (): void => {
  setPool(smaller, 0)
  for (const node of [first, second]) setPool(large, 1, node)
}

const counts = (total: number, free = total, reserved = 0) => ({
  total,
  free,
  reserved,
  surplus: 0,
})

live('a page of a chosen node is split there, and both pools are right', async (t) => {
  oneOnEach()
  const words = ['demote', `${name}=1`, '--node', `${second}`]
  const { status, document } = await hugepoolJson(demoteSchema, ...words)
  t.equal(status, 0)
  t.strictSame(spreadOf(large), [1, 0])
  t.strictSame(spreadOf(smaller), [0, parts])
  t.strictSame(countsOf(large), counts(1))
  t.strictSame(countsOf(smaller), counts(parts))
  t.strictSame(document.changes, [
    {
      ...{ pageSize: BigInt(large), to: BigInt(smaller), node: second },
      ...{ requested: 1n, demoted: 1n, before: 1n, after: 0n },
      ...{ gained: BigInt(parts), outcome: 'done' },
    },
  ])
  t.strictSame(
    document.pools.map(({ total }) => total),
    sizes.map((size) => (size === large ? 1n : BigInt(size === smaller ? parts : 0))),
  )
})

live('pages of several nodes are split, each on its own', async (t) => {
  oneOnEach()
  const words = ['demote', `${name}=${first}:1,${second}:1`, '--raw', '--noheadings']
  const { status, out } = await hugepool(...words)
  t.equal(status, 0)
  const small = sizeName(smaller)
  const line = (node: number) => `${name} ${small} ${node} 1 1 1 0 ${parts} done\n`
  t.equal(out, `${line(first)}${line(second)}`)
  t.strictSame(spreadOf(large), [0, 0])
  t.strictSame(spreadOf(smaller), [parts, parts])
})

live('without a node the pages of all are split', async (t) => {
  oneOnEach()
  t.equal((await hugepool('demote', `${name}=max`)).status, 0)
  t.strictSame(spreadOf(large), [0, 0])
  t.strictSame(spreadOf(smaller), [parts, parts])
})

live('more than the pages of a node is partial and leaves the other node alone', async (t) => {
  oneOnEach()
  const { status, err } = await hugepool('demote', `${name}=${first}:2`)
  const words = `only 1 of 2 can be split: there is 1 on node ${first}`
  t.strictSame(
    { status, err },
    { status: 64, err: `hugepool: ${name} on node ${first}: ${words}\n` },
  )
  t.strictSame(spreadOf(large), [0, 1])
  t.strictSame(spreadOf(smaller), [parts, 0])
})

live('a node that has none is told beforehand, and the other one gives its page', async (t) => {
  oneOnEach()
  setPool(large, 0, first)
  const { status, err } = await hugepool('demote', `${name}=${first}:1,${second}:1`)
  t.equal(status, 64)
  t.match(
    err,
    `${name} on node ${first}: only 0 of 1 can be split: there are none on node ${first}\n`,
  )
  t.notMatch(err, /meanwhile|were free/)
  t.strictSame(spreadOf(large), [0, 0])
  t.strictSame(spreadOf(smaller), [0, parts])
})

live('a page in use on one node keeps none of another from being split', async (t) => {
  oneOnEach()
  await holdOn(first, large, { pages: 1, touch: 1 })
  const { status, err } = await hugepool('demote', `${name}=1`, '--node', `${first}`)
  const words = `no page of ${name} can be split: none of 1 is free on node ${first}`
  t.strictSame({ status, err }, { status: 1, err: `hugepool: ${words}\n` })
  t.equal((await hugepool('demote', `${name}=1`, '--node', `${second}`)).status, 0)
  t.strictSame(spreadOf(large), [1, 0])
  t.strictSame(nodeCountsOf(large, first), { total: 1, free: 0, surplus: 0 })
})

live('of two pages on two nodes, one reserved, one is split and one is left', async (t) => {
  oneOnEach()
  const holding = await hold(large, { pages: 1 })
  const before = snapshot()
  for (const node of [first, second]) {
    const told = await hugepool('demote', `${name}=${node}:1`)
    const words = `no page of ${name} can be split: free pages on node ${node}: 1, reserved in the pool: 1`
    t.equal(told.err, `hugepool: ${words}\n`, 'it may be that of either node')
    t.equal(told.status, 1)
  }
  t.strictSame(snapshot(), before)
  const { status, err } = await hugepool('demote', `${name}=2`)
  t.equal(status, 64)
  t.match(err, `${name}: only 1 of 2 can be split: free pages: 2, reserved in the pool: 1`)
  t.strictSame(countsOf(large), counts(1, 1, 1))
  t.strictSame(countsOf(smaller), counts(parts))
  await holding.touch()
  t.strictSame(countsOf(large), counts(1, 0))
})

live('where all pages are reserved, those of two holders, none is split', async (t) => {
  oneOnEach()
  await hold(large, { pages: 1 })
  await hold(large, { pages: 1 })
  const { status, err } = await hugepool('demote', `${name}=max`, '--node', 'all')
  t.strictSame(
    { status, err },
    {
      status: 1,
      err: `hugepool: no page of ${name} can be split: free pages: 2, reserved in the pool: 2\n`,
    },
  )
  t.strictSame(countsOf(large), counts(2, 2, 2))
})

live('what a raw write does to a reserved page', async (t) => {
  oneOnEach()
  const holding = await hold(large, { pages: 1 })
  writeNumber(poolPath(large, 'demote'), 2)
  if (kernelHas('demoteTakesReserved')) {
    t.strictSame(countsOf(large), counts(0, 0, 1), 'both were split')
    await t.rejects(holding.touch(), { code: 'SIGBUS' }, 'and the holder dies of it')
    return
  }
  t.strictSame(countsOf(large), counts(1, 1, 1))
  await holding.touch()
  t.strictSame(countsOf(large), counts(1, 0))
})
