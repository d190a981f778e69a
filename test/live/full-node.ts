import { changeSchema } from '../../src/output/schemas/schema.ts'
import { liveOn } from './support/live.ts'
import {
  memoryNodes,
  persistentOf,
  poolPath,
  sizeName,
  smallest,
  writeNumber,
} from './support/machine.ts'
import { availableOn, marginOf, nodeMeminfo } from './support/memory.ts'
import { hugepool, hugepoolJson } from './support/program.ts'
import { spreadOf } from './support/spread.ts'

const live = liveOn('room', 'two nodes with memory')

const name = sizeName(smallest)
const [first = 0, second = 1] = memoryNodes
/** Available memory wavers by this while a test runs. */
const wavering = 2 ** 24

type Tap = Parameters<Parameters<typeof live>[1]>[0]

/** What a dry run says that each node gives of a growth. */
const modelled = async (pages: number | 'max'): Promise<readonly number[]> => {
  const word = pages === 'max' ? 'max' : `+${pages}`
  const { status, out } = await hugepool('resize', `${name}=${word}`, '--dry-run')
  if (status !== 0) throw new Error(`the dry run of ${name}=${word} ended with ${status}`)
  const value = (line: string) => Number(/^echo (\d+) > /.exec(line)?.[1])
  const lines = out.trimEnd().split('\n')
  const whole = lines.find((line) => line.includes('/kernel/mm/'))
  return memoryNodes.map((node) => {
    if (whole !== undefined) return Math.ceil((value(whole) - persistentOf(smallest)) / 2)
    const own = lines.find((line) => line.includes(`/node${node}/`))
    return own === undefined ? 0 : value(own) - persistentOf(smallest, node)
  })
}

/** Leaves about so many bytes available on the second node, or what the kernel does not give. */
const fill = (bytes: number): void => {
  const pages = Math.max(0, Math.floor((availableOn(second) - bytes) / smallest))
  writeNumber(poolPath(smallest, 'nr_hugepages', second), pages)
}

/** Grows a pool, and compares what each node lost with what the model said of it. */
const grows = async (t: Tap, pages: number | 'max'): Promise<void> => {
  const most = await modelled(pages)
  const before = spreadOf(smallest)
  const free = memoryNodes.map((node) => nodeMeminfo(node, 'MemFree'))
  const available = memoryNodes.map(availableOn)
  const asked = `${name}=${pages === 'max' ? 'max' : `+${pages}`}`
  const { status, document } = await hugepoolJson(changeSchema, 'resize', asked)
  t.equal(status, 0, `${asked} is done`)
  t.equal(document.changes[0]?.short, 0n)
  for (const [index, node] of memoryNodes.entries()) {
    const share = most[index] ?? 0
    const gave = (spreadOf(smallest)[index] ?? 0) - (before[index] ?? 0)
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
  if (more === 0) t.match(err, /^hugepool: \S+: max is what there is: one more page would /)
  t.ok(availableOn(first) >= marginOf(first) - wavering)
})
