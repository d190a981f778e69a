import { whoSchema } from '../../src/output/schemas/who-schema.ts'
import { liveOn } from './support/live.ts'
import { smallest } from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { hugepoolJson } from './support/program.ts'
import { holdOn, nodeCountsOf, setSpread } from './support/spread.ts'
import { first, second } from './support/two-nodes.ts'
import { animal } from './support/zoo.ts'

const live = liveOn('room', 'two nodes with memory')

const who = async (...words: readonly string[]) =>
  (await hugepoolJson(whoSchema, 'who', ...words)).document

/** The pages of each sum by node; those on no known node have none. */
const sumsByNode = async (): Promise<Readonly<Record<string, number>>> => {
  const { sums = [] } = await who('--by', 'node')
  return Object.fromEntries(
    sums.map(({ nodes = [], pages = 0n }) => [`${nodes[0]?.node ?? 'unknown'}`, Number(pages)]),
  )
}

/** What the kernel counts in use on each node. */
const usedByNode = (): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [first, second].map((node) => {
      const { total, free } = nodeCountsOf(smallest, node)
      return [`${node}`, total - free]
    }),
  )

live('who by node has what the counters of the nodes have', async (t) => {
  setSpread(smallest, [16, 16])
  const directory = await mounted()
  const none = await who('--by', 'node')
  t.strictSame(none.sums, [])
  const alone = await holdOn(first, smallest, { pages: 3, touch: 3 })
  t.strictSame(await sumsByNode(), { [first]: 3 })
  const file = `${directory}/f`
  const shared = await holdOn(second, smallest, { pages: 4, touch: 4, sharing: 'shared', file })
  const copied = await holdOn(first, smallest, { pages: 2, touch: 2, file })
  // What is written to a private mapping of the file comes on top of the pages of that.
  t.strictSame(usedByNode(), { [first]: 5, [second]: 4 })
  t.strictSame(await sumsByNode(), usedByNode())
  const forked = await animal('fork', 3)
  t.strictSame(await sumsByNode(), usedByNode(), 'a page of two processes is counted once')
  const { holders } = await who('--pid', `${copied.pid}`)
  t.strictSame(
    holders.map(({ pages, nodes }) => [pages, nodes]),
    [[6n, [{ node: first, pages: 2n }]]],
    'of a file, the nodes of what a process has in its memory are known',
  )
  for (const one of [alone, copied, shared, forked]) await one.release()
})

live('what nobody has mapped is on no known node, and is not lost', async (t) => {
  setSpread(smallest, [8, 8])
  const mapped = await holdOn(second, smallest, { pages: 2, touch: 2 })
  const open = await animal('memfd-open', 3)
  t.strictSame(await sumsByNode(), { [second]: 2, unknown: 3 })
  const { [first]: onFirst = 0, [second]: onSecond = 0 } = usedByNode()
  t.equal(onFirst + onSecond, 5)
  await open.release()
  await mapped.release()
})
