import { atLeastNone, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import type { DemotePlan } from './demote-plan.ts'
import type { DemoteStep } from './demote-steps.ts'
import { type Counters, countersOf, findPool, type Machine } from './machine.ts'
import type { Outcome } from './pool-change.ts'
import { poolName } from './pool-plan.ts'

/** The result of a demote, computed from the counters of both pools before and after it. */
export interface DemoteChange {
  readonly size: PageSize
  readonly to: PageSize
  readonly node?: NodeId
  readonly requested: Pages
  readonly demoted: Pages
  /** The total of the pool that was split, on the node where one is named. */
  readonly before: Pages
  readonly after: Pages
  /** The pages that the other pool gained. */
  readonly gained: Pages
  readonly outcome: Outcome
}

const totals = (machine: Machine, size: PageSize, node: NodeId | undefined): Counters =>
  countersOf(findPool(machine, size), node)

export const demoteChange = (
  before: Machine,
  after: Machine,
  plan: Pick<DemotePlan, 'size' | 'to'>,
  step: Pick<DemoteStep, 'node' | 'requested'>,
): DemoteChange => {
  const { size, to } = plan
  const { node, requested } = step
  const was = totals(before, size, node).total
  const is = totals(after, size, node).total
  const demoted = atLeastNone(was - is)
  const gained = totals(after, to, node).total - totals(before, to, node).total
  return present({
    size,
    to,
    node,
    requested,
    demoted,
    before: was,
    after: is,
    gained,
    outcome: demoted !== requested ? 'partial' : requested === 0n ? 'unchanged' : 'done',
  })
}

/**
 * Describes a change that split fewer pages than could be split by the counters before it. A
 * request for more than those is described before the step, by `fewerSplitWords`.
 */
export const demoteWords = (
  change: DemoteChange,
  { splittable }: Pick<DemoteStep, 'splittable'>,
): string | undefined => {
  if (change.demoted >= splittable) return undefined
  return `${poolName(change)}: asked to split ${change.requested}, split ${change.demoted}: the other pages were taken or reserved meanwhile`
}

/** Describes a step that was not tried, because the demote ended before it. */
export const untriedWords = (change: DemoteChange): string =>
  `${poolName(change)}: splitting was not tried`
