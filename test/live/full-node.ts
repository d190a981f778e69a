import { changeSchema } from '../../src/output/schemas/pools-schema.ts'
import { liveOn } from './support/live.ts'
import { memoryNodes, poolPath, sizeName, smallest, writeNumber } from './support/machine.ts'
import { availableOn, marginOf, nodeMeminfo } from './support/memory.ts'
import { hugepool, hugepoolJson } from './support/program.ts'
import { spreadOf } from './support/spread.ts'

const live = liveOn('room', 'two nodes with memory')

const name = sizeName(smallest)
const [first = 0, second = 1] = memoryNodes
/** Available memory wavers by this while a test runs. */
const wavering = 2 ** 25

type Tap = Parameters<Parameters<typeof live>[1]>[0]

/** The nodes of a list such as `0-1` or `0,2`. */
const nodesIn = (list: string): readonly number[] =>
  list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number)
    return Array.from({ length: to - from + 1 }, (_, at) => from + at)
  })

/** What hugepool said that each node gives of a growth: what it names, or an equal part. */
const modelled = (err: string, grown: number): readonly number[] => {
  const said = /: not an equal part of each node, for memory is short on one: (.*)$/m.exec(err)?.[1]
  if (said === undefined) return memoryNodes.map(() => Math.ceil(grown / memoryNodes.length))
  const parts = [...said.matchAll(/(\d+) from (?:each of )?nodes? ([\d,-]*\d)/g)]
  const share = (node: number) => parts.find(([, , list = '']) => nodesIn(list).includes(node))
  return memoryNodes.map((node) => Number(share(node)?.[1]))
}

/** Leaves about so many bytes available on the second node, or what the kernel does not give. */
const fill = (bytes: number): void => {
  const pages = Math.max(0, Math.floor((availableOn(second) - bytes) / smallest))
  writeNumber(poolPath(smallest, 'nr_hugepages', second), pages)
}

/** Grows a pool, and compares what each node lost with what the model said of it. */
const grows = async (t: Tap, pages: number | 'max'): Promise<void> => {
  const before = spreadOf(smallest)
  const free = memoryNodes.map((node) => nodeMeminfo(node, 'MemFree'))
  const available = memoryNodes.map(availableOn)
  const asked = `${name}=${pages === 'max' ? 'max' : `+${pages}`}`
  const { status, err, document } = await hugepoolJson(changeSchema, 'resize', asked)
  t.equal(status, 0, `${asked} is done`)
  const [change] = document.changes
  t.equal(change?.short, 0n)
  const most = modelled(err, Number((change?.requested ?? 0n) - (change?.before ?? 0n)))
  const gain = spreadOf(smallest).map((pages, index) => pages - (before[index] ?? 0))
  // What a node did not give although it could, the others gave.
  const rest = most.reduce((sum, share, index) => sum + Math.max(0, share - (gain[index] ?? 0)), 0)
  for (const [index, node] of memoryNodes.entries()) {
    const share = (most[index] ?? 0) + rest
    const gave = gain[index] ?? 0
    t.ok(gave <= share, `node ${node} gave ${gave} of at most ${share} pages`)
    const lost = (free[index] ?? 0) - nodeMeminfo(node, 'MemFree')
    t.ok(lost <= share * smallest + wavering, `node ${node} lost ${lost} bytes for ${share} pages`)
    const least = Math.min(marginOf(node), available[index] ?? 0) - wavering
    t.ok(availableOn(node) >= least, `node ${node} keeps its margin, or what it had`)
  }
}

const fillings = {
  'is full': () => 0,
  'has a little less than its margin': () => marginOf(second) - 3 * smallest,
  'has a little more than its margin': () => marginOf(second) + 20 * smallest,
}

for (const [how, left] of Object.entries(fillings))
  live(`a growth of the whole pool beside a node that ${how}`, async (t) => {
    fill(left())
    for (const pages of [1, 7, 100]) await grows(t, pages)
  })

live('max is what all nodes can give above their margins', async (t) => {
  fill(marginOf(second) + 20 * smallest)
  await grows(t, 'max')
  const { status, out, err } = await hugepool('resize', `${name}=max`, '--raw', '--noheadings')
  const told = out.split(' ')
  t.equal(status, 0)
  const more = Number(told[3]) - Number(told[2])
  t.ok(more * smallest <= 4 * wavering, `${more} more at once afterwards`)
  if (more === 0) t.match(err, /^hugepool: note: \S+: max is what there is: one more page would /)
  t.ok(availableOn(first) >= marginOf(first) - wavering)
})
