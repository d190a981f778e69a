import { HugepoolError } from '../../errors.ts'
import { grows, type PoolPlan, type PoolStep } from '../../model/pools/pool-plan.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import type { Ports, SignalWatch } from '../ports.ts'
import { compactPaths, type GrowingStep, grow } from './grow.ts'
import { growRest } from './grow-rest.ts'
import { convertSurplus, correctNode, setPages } from './write-step.ts'

/** How the steps of a plan are carried out. */
export interface CarryOutOptions {
  readonly compact: boolean
  /** Whether an error of one pool leaves the steps of the others to be done. */
  readonly keepGoing?: boolean
  /**
   * The time of the clock, in milliseconds, up to which compaction that gained nothing is tried
   * once more.
   */
  readonly until?: number
}

/** An error that ended the steps of a pool. */
export interface PoolFailure {
  readonly size: PageSize
  readonly error: HugepoolError
}

const takesPages = (step: PoolStep): boolean =>
  step.attribute === 'persistent' && grows(step) && !step.convertsSurplus

/** Returns the paths of the files that a plan may write to. */
export const writtenPaths = (
  { steps }: Pick<PoolPlan, 'steps'>,
  { compact }: CarryOutOptions,
): readonly string[] => [
  ...steps.map(({ path }) => path),
  ...(compact ? steps.filter(takesPages).flatMap(compactPaths) : []),
]

const carryOutStep = async (
  ports: Ports,
  step: PoolStep,
  how: Omit<GrowingStep, 'step'>,
): Promise<void> => {
  if (step.convertsSurplus) convertSurplus(ports, step)
  else if (takesPages(step)) {
    await grow(ports, { ...how, step })
    correctNode(ports, step)
  } else setPages(ports, step)
}

/**
 * Carries out steps until a signal or an error ends that; where the call keeps going, an error ends
 * only the steps of its pool. Where surplus has become persistent by then, the steps that have to
 * follow are carried out nevertheless, because they take hardly any time.
 */
export const carryOutPlan = async (
  ports: Ports,
  plan: PoolPlan,
  { compact, keepGoing = false, until }: CarryOutOptions,
  signals: SignalWatch,
): Promise<readonly PoolFailure[]> => {
  const { memoryMinimums } = plan
  const how = present({ signals, memoryMinimums, compacting: compact, until })
  const converted = new Set<PageSize>()
  const failures: PoolFailure[] = []
  const isStopped = (size: PageSize) =>
    signals.pending() !== undefined ||
    failures.some((failure) => !keepGoing || failure.size === size)
  const attempt = async (size: PageSize, action: () => Promise<void>): Promise<void> => {
    try {
      await action()
    } catch (error) {
      if (!(error instanceof HugepoolError)) throw error
      if (!failures.some((failure) => failure.size === size)) failures.push({ size, error })
    }
  }
  for (const step of plan.steps) {
    if (isStopped(step.size) && !(step.settles && converted.has(step.size))) continue
    if (step.convertsSurplus) converted.add(step.size)
    await attempt(step.size, () => carryOutStep(ports, step, how))
    // A signal is noted only between two turns of the event loop.
    await ports.pause(0)
  }
  for (const size of new Set(plan.steps.map((step) => step.size)))
    if (!isStopped(size))
      await attempt(size, () =>
        growRest(
          ports,
          plan.steps.filter((step) => step.size === size),
          how,
        ),
      )
  return failures
}
