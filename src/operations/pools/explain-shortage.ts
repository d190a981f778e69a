import type { StopSignal } from '../../errors.ts'
import { readShortage } from '../../kernel/pools/buddyinfo.ts'
import { readRelease } from '../../kernel/release.ts'
import type { Tree } from '../../kernel/tree.ts'
import { confinedTo } from '../../model/pools/gigantic.ts'
import { findPool, type Machine, type Pool } from '../../model/pools/machine.ts'
import type { PoolChange } from '../../model/pools/pool-change.ts'
import type { PoolPlan } from '../../model/pools/pool-plan.ts'
import { type Shortage, shortageAdvice, shortageHints } from '../../model/pools/shortage.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import type { Ports } from '../ports.ts'
import type { PoolFailure } from './carry-out-plan.ts'

export interface ShortChange extends PoolChange {
  /**
   * What the kernel shows of the memory that the pages were to come from. Empty unless a growth
   * fell short.
   */
  readonly shortage: readonly Shortage[]
}

/** A plan, the options it was carried out with, and how it ended. */
export interface CarriedOut {
  readonly before: Machine
  readonly plan: PoolPlan
  readonly allOrNothing: boolean
  readonly compacted: boolean
  /** Whether an error of one pool kept no other from being changed. */
  readonly keepGoing: boolean
  readonly failures: readonly PoolFailure[]
  readonly signal: StopSignal | undefined
}

/**
 * Returns the nodes that the pages of a growth were to come from: those named or allowed. Only
 * their memory can explain a shortage.
 */
const growthNodes = (
  { before, plan }: CarriedOut,
  change: PoolChange,
): readonly NodeId[] | undefined => {
  const policy = plan.steps.find(
    (step) => step.size === change.size && step.policy !== undefined,
  )?.policy
  const nodes = change.node === undefined ? policy?.nodes : [change.node]
  const confined = confinedTo(before, change.size)
  return confined === undefined
    ? nodes
    : (nodes ?? confined).filter((node) => confined.includes(node))
}

/**
 * Adds the shortage to a growth that fell short. A growth that a signal or an error ended did not
 * fall short for want of memory, so there is no shortage to explain.
 */
export const withShortage = (
  ports: Ports,
  carried: CarriedOut,
  change: PoolChange,
): ShortChange => {
  const { signal, failures, keepGoing } = carried
  const wanted = change.planned ?? change.requested
  const grew = change.attribute === 'persistent' && wanted > change.before
  const failed = failures.some(({ size }) => !keepGoing || size === change.size)
  const falls = grew && signal === undefined && !failed && change.after < wanted
  const nodes = growthNodes(carried, change)
  return {
    ...change,
    shortage: falls ? readShortage(ports.tree, carried.before, change.size, nodes) : [],
  }
}

/** Explains all shortages, with what to try next. */
export const shortageHintsOf = (
  tree: Tree,
  changes: readonly ShortChange[],
  pools: readonly Pool[],
  { before, compacted }: Pick<CarriedOut, 'before' | 'compacted'>,
): readonly string[] => {
  const short = changes.filter(({ shortage }) => shortage.length > 0)
  const explained = short.map(({ size, shortage }) =>
    shortageHints(findPool({ pools }, size), shortage),
  )
  const advice = short.flatMap(({ size, shortage }) =>
    shortageAdvice(findPool({ pools }, size), shortage, {
      pools,
      before: before.pools,
      compacted,
      release: readRelease(tree),
    }),
  )
  return [...new Set([...explained.flat(), ...advice])]
}
