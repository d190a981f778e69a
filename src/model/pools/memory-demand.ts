import { unsupported } from '../../errors.ts'
import { atLeastNone, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { Policy } from '../words/policy.ts'
import { confinedTo } from './gigantic.ts'
import { countersOf, type Machine, memoryNodes } from './machine.ts'
import { largestFit, type MemoryDemand, type MemoryRoom } from './margin.ts'
import type { ResolvedCount } from './pool-counts.ts'

/** Returns the nodes that the kernel takes pages from when a pool or its part on a node grows. */
export const givingNodes = (
  machine: Machine,
  policy: Policy | undefined,
  { pool, node }: Pick<ResolvedCount, 'pool' | 'node'>,
): readonly NodeId[] => {
  if (node !== undefined) return [node]
  const nodes = policy?.nodes ?? memoryNodes(machine).map(({ id }) => id)
  const confined = confinedTo(machine, pool.size)
  return confined === undefined ? nodes : nodes.filter((id) => confined.includes(id))
}

/**
 * Returns the memory that a growth needs. A growth makes surplus pages persistent first, and only
 * the rest needs memory.
 */
export const demandOf = (
  nodes: readonly NodeId[],
  resolved: ResolvedCount,
  to: Pages,
): MemoryDemand => {
  const { surplus } = countersOf(resolved.pool, resolved.node)
  return { size: resolved.pool.size, pages: atLeastNone(to - resolved.before - surplus), nodes }
}

/** Returns the largest count that fits. Throws E_UNSUPPORTED where the memory is not known. */
export const fittingCount = (
  rooms: readonly MemoryRoom[],
  one: ResolvedCount,
  nodes: readonly NodeId[],
): Pages => {
  const fits = largestFit(rooms, demandOf(nodes, one, one.before))
  if (fits === undefined)
    throw unsupported('not-shown', 'the kernel does not say how much memory there is')
  return one.before + countersOf(one.pool, one.node).surplus + fits
}
