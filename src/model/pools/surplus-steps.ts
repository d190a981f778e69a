import type { NodeId } from '../words/node-list.ts'
import { type Pool, persistent } from './machine.ts'
import { grows, type PoolSetting, type PoolStep, stepFor } from './pool-plan.ts'

/** Turns surplus pages into persistent ones, which takes no memory and so comes first. */
export const converting = (...of: Parameters<typeof stepFor>): readonly PoolStep[] => {
  const step = stepFor(...of)
  return grows(step) ? [{ ...step, convertsSurplus: true }] : []
}

export const ofPool = (pool: Pool): PoolSetting => ({ size: pool.size, attribute: 'persistent' })

/** Nodes that no count sets, and whose surplus becomes persistent meanwhile. */
export const lendersOf = (pool: Pool, isSet: (node: NodeId) => boolean): Pool['nodes'] =>
  pool.nodes.filter(({ node, surplus }) => surplus > 0n && !isSet(node))

/** The writes that make surplus again of what was surplus on these nodes. */
export const lentBack = (pool: Pool, lenders: Pool['nodes']): readonly PoolStep[] =>
  lenders.map((on) => ({
    ...stepFor({ ...ofPool(pool), node: on.node }, on.total, persistent(on)),
    makesSurplus: true,
    lends: true,
  }))

/** Marks what has to follow once surplus is persistent. */
export const settling = (steps: readonly PoolStep[]): readonly PoolStep[] =>
  steps.map((step) => (grows(step) ? step : { ...step, settles: true }))
