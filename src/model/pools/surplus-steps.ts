import type { NodeId } from '../words/node-list.ts'
import { type Pool, persistent } from './machine.ts'
import { grows, type PoolSetting, type PoolStep, stepFor } from './pool-plan.ts'

/** Returns the write that makes surplus persistent. It takes no memory, and comes first. */
export const converting = (...of: Parameters<typeof stepFor>): readonly PoolStep[] => {
  const step = stepFor(...of)
  return grows(step) ? [{ ...step, convertsSurplus: true }] : []
}

export const ofPool = (pool: Pool): PoolSetting => ({ size: pool.size, attribute: 'persistent' })

/** Returns the nodes that no count sets, whose surplus becomes persistent for a while. */
export const lendersOf = (pool: Pool, isSet: (node: NodeId) => boolean): Pool['nodes'] =>
  pool.nodes.filter(({ node, surplus }) => surplus > 0n && !isSet(node))

/** Returns the writes that make surplus again of what was surplus on these nodes before. */
export const lentBack = (pool: Pool, lenders: Pool['nodes']): readonly PoolStep[] =>
  lenders.map((on) => ({
    ...stepFor({ ...ofPool(pool), node: on.node }, on.total, persistent(on)),
    makesSurplus: true,
    lends: true,
  }))

/** Marks the steps that have to follow once surplus has become persistent: all but growths. */
export const settling = (steps: readonly PoolStep[]): readonly PoolStep[] =>
  steps.map((step) => (grows(step) ? step : { ...step, settles: true }))
