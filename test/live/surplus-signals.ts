import { hold } from './support/holder.ts'
import { liveOn } from './support/live.ts'
import { countsOf, poolPath, setOvercommit, smallest } from './support/machine.ts'
import { hugepool, type Running, until } from './support/program.ts'
import { killTraced, startSlowly } from './support/trace.ts'
import { first, name, second, useNode, writeNode } from './support/two-nodes.ts'

const live = liveOn('room', 'two nodes with memory', 'processes: policies')

const delay = 3000

/** Twelve free pages, eight of them reserved; the four on the second node are surplus. */
const idleSurplus = async (): Promise<void> => {
  setOvercommit(smallest, 0)
  const ending = await useNode({ spread: [8, 4], used: 4 })
  await hold(smallest, { pages: 8 })
  writeNode(second, 0)
  await ending.release()
}

/** A shrink whose surplus is persistent already, and that has not been set to what was asked for. */
const converted = async (...words: readonly string[]): Promise<Running> => {
  await idleSurplus()
  const path = poolPath(smallest, 'nr_hugepages', second)
  const running = startSlowly(path, delay, ['resize', `${name}=${second}:0`, ...words])
  await until('the conversion', () => countsOf(smallest).surplus === 0)
  return running
}

const settled = { total: 8, free: 8, reserved: 8, surplus: 0 }

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  live(`${signal} once surplus is persistent: what follows from it is done yet`, async (t) => {
    const running = await converted()
    running.child.kill(signal)
    const { signal: died, out } = await running.result
    t.equal(died, signal, 'ends by the signal')
    t.match(out, new RegExp(`^${name} +${second} +0 +0 +0 +0 +`, 'm'))
    t.strictSame(countsOf(smallest), settled)
  })

live('kill -9 once surplus is persistent leaves pages, no surplus and no lock', async (t) => {
  const running = await converted()
  t.equal((await killTraced(running)).signal, 'SIGKILL')
  const { total, surplus } = countsOf(smallest)
  t.ok(total === 12 || total === 8, `${total} pages: the write under way may have been done`)
  t.equal(surplus, 0)
  const { status, err } = await hugepool('resize', `${name}=${first}:8,${second}:0`, '--no-wait')
  t.strictSame({ status, err }, { status: 0, err: '' }, 'the same again does the rest')
  t.strictSame(countsOf(smallest), settled)
})
