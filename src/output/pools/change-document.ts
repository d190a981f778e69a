import { failureFacts } from '../../errors.ts'
import type { DemoteChange } from '../../model/pools/demote-change.ts'
import type { PartLeftOut } from '../../model/pools/left-out.ts'
import type { PoolChange } from '../../model/pools/pool-change.ts'
import type { PoolPlan } from '../../model/pools/pool-plan.ts'
import type { Shortage } from '../../model/pools/shortage.ts'
import { unlessEmpty } from '../../model/words/present.ts'
import type {
  ChangeDocument,
  DemotionDocument,
  DryRunDocument,
  LeftOutDocument,
} from '../schemas/documents.ts'

export const changeDocument = (
  change: PoolChange & { readonly shortage: readonly Shortage[] },
): ChangeDocument => ({
  pageSize: change.size,
  node: change.node,
  attribute: change.attribute,
  before: change.before,
  requested: change.requested,
  after: change.after,
  short: change.short,
  becameSurplus: change.becameSurplus > 0n ? change.becameSurplus : undefined,
  surplus: change.surplus > 0n ? change.surplus : undefined,
  aboveOvercommit: change.aboveOvercommit > 0n ? change.aboveOvercommit : undefined,
  outcome: change.outcome,
  nodes: unlessEmpty(change.nodes)?.map(({ node, before, after }) => ({ node, before, after })),
  shortage: unlessEmpty(change.shortage)?.map(({ node, free, ready }) => ({ node, free, ready })),
})

/** Returns the pages that a plan would leave as surplus; undefined where there are none. */
export const heldDocument = ({ held = [] }: Pick<PoolPlan, 'held'>): DryRunDocument['held'] =>
  unlessEmpty(held)?.map(({ size, node, attribute, requested, surplus, aboveOvercommit }) => ({
    pageSize: size,
    node,
    attribute,
    requested,
    surplus,
    aboveOvercommit: aboveOvercommit > 0n ? aboveOvercommit : undefined,
  }))

/** Returns what a call that keeps going left out or cut; undefined where that is nothing. */
export const leftOutDocument = (
  all: readonly PartLeftOut[],
): readonly LeftOutDocument[] | undefined =>
  unlessEmpty(all)?.map(({ size, node, requested, planned, error }) => ({
    pageSize: size === 'default' ? undefined : size,
    node,
    requested,
    planned,
    error: failureFacts(error),
  }))

export const demoteDocument = (change: DemoteChange): DemotionDocument => ({
  pageSize: change.size,
  to: change.to,
  node: change.node,
  requested: change.requested,
  demoted: change.demoted,
  before: change.before,
  after: change.after,
  gained: change.gained,
  outcome: change.outcome,
})
