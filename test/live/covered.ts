import { hold } from './support/holder.ts'
import { liveOn } from './support/live.ts'
import { countsOf, memoryNodes, smallest } from './support/machine.ts'
import { hugepool } from './support/program.ts'
import { nodeCountsOf, setSpread, spreadOf } from './support/spread.ts'
import { first, name, second, useNode, writeNode } from './support/two-nodes.ts'

const live = liveOn('room', 'two nodes with memory')

for (const options of [[], ['--all-or-nothing']])
  live(`reserved pages move from node to node ${options.join()}`, async (t) => {
    setSpread(smallest, [8, 0])
    await hold(smallest, { pages: 8 })
    const words = ['resize', `${name}=${first}:4,${second}:4`, ...options]
    const { status, err } = await hugepool(...words)
    t.strictSame({ status, err }, { status: 0, err: '' })
    t.strictSame(spreadOf(smallest), [4, 4])
    t.strictSame(countsOf(smallest), { total: 8, free: 8, reserved: 8, surplus: 0 })
  })

live('what cannot be done is put back, node by node, though all is reserved', async (t) => {
  setSpread(smallest, [8, 0])
  await hold(smallest, { pages: 8 })
  const before = memoryNodes.map((node) => nodeCountsOf(smallest, node))
  const words = ['resize', `${name}=${first}:2,${second}:4`, '--all-or-nothing']
  const { status, err } = await hugepool(...words)
  t.equal(status, 1)
  t.match(err, /in use or reserved, so it cannot shrink to 2; put back as before: /)
  t.notMatch(err, /free pages? became surplus/, 'there was none')
  t.strictSame(
    memoryNodes.map((node) => nodeCountsOf(smallest, node)),
    before,
  )
})

/** Two free pages on the second node that the kernel calls surplus, where it does not free them. */
const leaveIdle = async (): Promise<void> => {
  const holding = await useNode({ spread: [6, 2], persistent: 0 })
  writeNode(second, 0)
  await holding.release()
}

for (const pages of [0, 1])
  live(`surplus that nobody uses goes: a pool of ${pages}`, async (t) => {
    await leaveIdle()
    const { surplus } = countsOf(smallest)
    t.comment(`${surplus} surplus pages are free`)
    const { status, err } = await hugepool('resize', `${name}=${pages}`)
    t.equal(status, 0)
    if (surplus > 0) t.match(err, /all surplus becomes persistent first/)
    t.strictSame(countsOf(smallest), { total: pages, free: pages, reserved: 0, surplus: 0 })
  })

live('a node is set exactly beside surplus of another one', async (t) => {
  await useNode({ spread: [6, 8], persistent: 0 })
  t.equal(nodeCountsOf(smallest, first).surplus, 6)
  await hugepool('resize', `${name}=${second}:12`)
  t.strictSame(nodeCountsOf(smallest, second), { total: 12, free: 12, surplus: 0 })
})
