import { explain } from '../../kernel/errno.ts'
import { readCountersOf } from '../../kernel/pools/counters.ts'
import { compactPath } from '../../model/pools/attributes.ts'
import { persistent } from '../../model/pools/machine.ts'
import { type MemoryMinimum, type PoolStep, poolName } from '../../model/pools/pool-plan.ts'
import { fewer, type Pages } from '../../model/words/count.ts'
import type { Ports, SignalWatch } from '../ports.ts'
import { headroom } from './headroom.ts'
import { writeStep } from './write-step.ts'

/** The first write of a growth, in bytes. It is small enough to end in a moment on any machine. */
const firstBytes = 256n * 1024n ** 2n
/** A write that takes less time than this is followed by a larger one: each write has a cost. */
const goalMilliseconds = 250
const slowMilliseconds = 500

/**
 * Returns the number of pages to ask for next. From 6.7 on the pages of one write appear only when
 * the write ends. Therefore a growth is split into several writes, and the time that one takes
 * decides the size of the next.
 */
const nextChunk = (chunk: Pages, milliseconds: number): Pages => {
  if (milliseconds < goalMilliseconds / 4) return chunk * 8n
  if (milliseconds < goalMilliseconds) return chunk * 2n
  return milliseconds > slowMilliseconds && chunk > 1n ? chunk / 2n : chunk
}

const persistentNow = (ports: Ports, step: PoolStep): Pages =>
  persistent(readCountersOf(ports.tree, step.size, step.node))

const reportProgress = (ports: Ports, step: PoolStep, reached: Pages): void =>
  ports.progress({
    label: poolName(step),
    obtained: reached - step.before,
    requested: step.value - step.before,
  })

/** A growing step and the conditions that can end it early. */
export interface GrowingStep {
  readonly step: PoolStep
  readonly signals: SignalWatch
  readonly memoryMinimums: readonly MemoryMinimum[]
  /**
   * Whether memory is compacted when pages fall short, and the growth is tried again as long as
   * that gains pages.
   */
  readonly compacting: boolean
  /**
   * The time of the clock, in milliseconds, up to which a retry that gained nothing is followed by
   * one more; absent where it never is.
   */
  readonly until?: number
}

/**
 * Returns how many pages the next write may add. Surplus pages become persistent without taking
 * memory.
 */
const allowedPages = ({ tree }: Ports, { step, memoryMinimums }: GrowingStep): Pages => {
  const room = headroom(tree, step, memoryMinimums)
  if (room === undefined) return step.value
  return room + readCountersOf(tree, step.size, step.node).surplus
}

/** Writes up to the step's value, as long as each write gains pages. Returns the pages reached. */
const climb = async (ports: Ports, growth: GrowingStep, from: Pages): Promise<Pages> => {
  const { step, signals } = growth
  let reached = from
  reportProgress(ports, step, reached)
  let chunk = firstBytes > step.size ? firstBytes / step.size : 1n
  while (reached < step.value) {
    const most = allowedPages(ports, growth)
    if (most === 0n) {
      ports.reason(
        `${poolName(step)}: stopped at ${reached}, for more would leave too little memory`,
      )
      return reached
    }
    const started = ports.clock()
    writeStep(ports, step, fewer(reached + fewer(chunk, most), step.value))
    chunk = nextChunk(chunk, ports.clock() - started)
    const now = persistentNow(ports, step)
    reportProgress(ports, step, now)
    // One turn of the event loop delivers a signal that came during the write.
    await ports.pause(0)
    if (now <= reached || signals.pending() !== undefined) return now
    reached = now
  }
  return reached
}

/**
 * Returns the files that start compaction: those of the step's nodes, or that of the whole machine.
 */
export const compactPaths = (step: PoolStep): readonly string[] => {
  const nodes = step.node === undefined ? step.policy?.nodes : [step.node]
  return nodes === undefined ? [compactPath()] : nodes.map(compactPath)
}

const compactMemory = (ports: Ports, step: PoolStep): void => {
  for (const path of compactPaths(step)) {
    try {
      // From 6.5 on any value but 1 gives EINVAL (mm/compaction.c).
      ports.tree.write(path, '1')
    } catch (error) {
      throw explain(error, path)
    }
  }
}

/**
 * How long freed pages may stay on the lists of processors, from where nothing makes them
 * contiguous (vmstat_update in mm/vmstat.c runs once a second).
 */
const settleMilliseconds = 1000

/** Carries out a growing step. Pages that fall short are no error; throws where a write fails. */
export const grow = async (ports: Ports, growth: GrowingStep): Promise<void> => {
  const { step, signals, compacting, until } = growth
  const hasTime = () => until === undefined || ports.clock() < until
  let reached = await climb(ports, growth, step.before)
  let inVain = 0
  const mostInVain = until === undefined ? 1 : 2
  while (compacting && reached < step.value && signals.pending() === undefined && hasTime()) {
    if (inVain > 0) await ports.pause(settleMilliseconds)
    compactMemory(ports, step)
    const now = await climb(ports, growth, reached)
    inVain = now > reached ? 0 : inVain + 1
    if (inVain === mostInVain) return
    reached = now > reached ? now : reached
  }
}
