import { changeSchema } from '../../src/output/schemas/pools-schema.ts'
import { kernelHas } from './support/kernels.ts'
import { liveOn } from './support/live.ts'
import { countsOf, smallest } from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'
import { holdOn, nodeCountsOf, setSpread, spreadOf } from './support/spread.ts'
import { first, name, second, useNode, writeNode } from './support/two-nodes.ts'

const live = liveOn('room', 'two nodes with memory')

live('a node form changes the total by what the nodes change', async (t) => {
  setSpread(smallest, [6, 2])
  const words = ['resize', `${name}=${first}:1,${second}:9`]
  const { status, document } = await hugepoolJson(changeSchema, ...words)
  t.equal(status, 0)
  t.strictSame(spreadOf(smallest), [1, 9])
  t.strictSame(countsOf(smallest), { total: 10, free: 10, reserved: 0, surplus: 0 })
  t.hasStrict(document.changes, [
    { node: first, before: 6n, requested: 1n, after: 1n, outcome: 'done' },
    { node: second, before: 2n, requested: 9n, after: 9n, outcome: 'done' },
  ])
  t.match(document.pools[0], { total: 10n })
})

live('the table adds the named nodes up', async (t) => {
  setSpread(smallest, [6, 2])
  const words = ['resize', `${name}=+3`, '--node', `${first},${second}`, '--raw', '--noheadings']
  const { out, err } = await hugepool(...words)
  t.equal(
    out,
    [
      `${name} ${first} 6 9 9 0 done\n`,
      `${name} ${second} 2 5 5 0 done\n`,
      `${name} sum 8 14 14 0 done\n`,
    ].join(''),
  )
  const nodes = first + 1 === second ? `${first}-${second}` : `${first},${second}`
  t.equal(err, `hugepool: note: ${name}: the count on each of nodes ${nodes}, 14 in all\n`)
})

live('a node that is not named keeps its pages', async (t) => {
  setSpread(smallest, [6, 2])
  t.equal((await hugepool('resize', `${name}=4`, '--node', `${second}`)).status, 0)
  t.strictSame(spreadOf(smallest), [6, 4])
  t.equal((await hugepool('resize', `${name}=${first}:-6`)).status, 0)
  t.strictSame(spreadOf(smallest), [0, 4])
})

live('a shrink on one node below what is in use there leaves the other alone', async (t) => {
  const holding = await useNode({ spread: [3, 3], used: 2 })
  const { status, err } = await hugepool('resize', `${name}=${first}:0`)
  t.equal(status, 64)
  const words =
    '2 pages are still in use and became surplus: they leave the pool when they are freed'
  t.match(err, `hugepool: ${name} on node ${first}: ${words}\n`)
  t.match(err, /\nhint: \S+: process \d+ \(holder\) has 2 pages mapped\n/)
  t.strictSame(nodeCountsOf(smallest, first), { total: 2, free: 0, surplus: 2 })
  t.strictSame(nodeCountsOf(smallest, second), { total: 3, free: 3, surplus: 0 })
  await holding.release()
  t.strictSame(nodeCountsOf(smallest, first), { total: 0, free: 0, surplus: 0 })
  t.strictSame(spreadOf(smallest), [0, 3])
})

live('with --all-or-nothing the nodes are put back while their pages are in use', async (t) => {
  await useNode({ spread: [3, 3] })
  await holdOn(second, smallest, { pages: 1, touch: 1 })
  t.equal((await hugepool('resize', `${name}=1`, '--all-or-nothing')).status, 1)
  t.strictSame(nodeCountsOf(smallest, first), { total: 3, free: 0, surplus: 0 })
  t.strictSame(nodeCountsOf(smallest, second), { total: 3, free: 2, surplus: 0 })
})

/** On the first node one persistent page and three surplus ones, all in use; none on the second. */
const surplusOnFirst = async (): Promise<void> => {
  await useNode({ spread: [4, 0], persistent: 1 })
  if (nodeCountsOf(smallest, first).surplus !== 3) throw new Error('needs three surplus pages')
}

live('what a raw write for a node does while another has surplus', async (t) => {
  await surplusOnFirst()
  writeNode(second, 5)
  t.strictSame(spreadOf(smallest), kernelHas('nodeFilesHeedSurplus') ? [1, 5] : [1, 8])
})

const convertedFirst = new RegExp(
  `^hugepool: note: ${name}: all surplus becomes persistent first, and is set again on node ${first}, .*\n$`,
)

live('a node gets what was asked for while another has surplus', async (t) => {
  await surplusOnFirst()
  const { status, err } = await hugepool('resize', `${name}=${second}:5`)
  t.equal(status, 0)
  if (kernelHas('nodeFilesHeedSurplus')) t.equal(err, '')
  else t.match(err, convertedFirst)
  t.strictSame(spreadOf(smallest), [1, 5])
  t.strictSame(countsOf(smallest), { total: 9, free: 5, reserved: 0, surplus: 3 })
  t.equal((await hugepool('resize', `${name}=${second}:4`)).status, 0, 'so does a shrink')
  t.strictSame(spreadOf(smallest), [1, 4])
})

live('a node gets fewer pages than another node has surplus', async (t) => {
  await surplusOnFirst()
  const { status, err } = await hugepool('resize', `${name}=${second}:1`)
  t.equal(status, 0)
  if (kernelHas('nodeFilesHeedSurplus')) t.equal(err, '')
  else t.match(err, convertedFirst)
  t.strictSame(spreadOf(smallest), [1, 1])
  t.equal(countsOf(smallest).surplus, 3)
})

/** A persistent page of the first node and a surplus page of the second, each with a user. */
const surplusElsewhere = async () => {
  const persistent = await useNode({ spread: [1, 1], sharing: 'shared' })
  const surplus = await holdOn(second, smallest, { pages: 1, touch: 1, sharing: 'shared' })
  writeNode(second, 0)
  return { persistent, surplus }
}

const counts = (total: number, free: number, surplus: number) => ({
  ...{ total, free },
  reserved: 0,
  surplus,
})

// With one node the surplus page goes when either of them ends.
live('a page that is freed on another node than the surplus stays', async (t) => {
  const { persistent, surplus } = await surplusElsewhere()
  t.strictSame(countsOf(smallest), counts(2, 0, 1))
  t.strictSame(nodeCountsOf(smallest, second), { total: 1, free: 0, surplus: 1 })
  await persistent.release()
  t.strictSame(countsOf(smallest), counts(2, 1, 1), 'free and surplus at once')
  t.strictSame(nodeCountsOf(smallest, first), { total: 1, free: 1, surplus: 0 })
  t.strictSame(nodeCountsOf(smallest, second), { total: 1, free: 0, surplus: 1 })
  const columns = 'node,total,persistent,free,surplus'
  const { out } = await hugepool('list', name, '-N', '-r', '-n', '-o', columns)
  t.match(out, new RegExp(`^all 2 1 1 1\n(.*\n)*${first} 1 1 1 0\n(.*\n)*${second} 1 0 0 1\n$`))
  await surplus.release()
  t.strictSame(countsOf(smallest), counts(1, 1, 0), 'the surplus goes with its own user')
})

live('a free page is taken away while surplus of another node is in use', async (t) => {
  const { persistent, surplus } = await surplusElsewhere()
  await persistent.release()
  const { status, err } = await hugepool('resize', `${name}=0`)
  const words = `${name}: all surplus becomes persistent first, for this kernel counts it against the pages that are asked for`
  t.equal(status, 64, 'the page in use is there yet')
  t.equal(err.includes(`hugepool: note: ${words}\n`), !kernelHas('shrinkBesideSurplus'))
  t.match(err, '1 page is still in use and became surplus: it leaves the pool when it is freed')
  t.strictSame(countsOf(smallest), counts(1, 0, 1), 'the free page went')
  await surplus.release()
  t.strictSame(countsOf(smallest), counts(0, 0, 0))
})
