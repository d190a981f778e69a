import { refused, usage } from '../../errors.ts'
import { availableNow, findNode, type Machine, memoryFor, memoryNodes } from '../pools/machine.ts'
import { memoryless } from '../pools/memoryless-node.ts'
import { expandAssignments, type PoolCount, resolveCount } from '../pools/pool-counts.ts'
import { poolName } from '../pools/pool-plan.ts'
import { fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { plural } from '../words/plural.ts'
import type { Policy } from '../words/policy.ts'
import { present } from '../words/present.ts'
import { growthHint } from './growth-hint.ts'
import type { MappingRequest } from './mapping-request.ts'
import { boundNodes, freeOn } from './reasons/fault-facts.ts'

/** The pages of one mapping, and the memory policy of the thread that maps and touches it. */
export interface CountedPart {
  readonly pages: Pages
  readonly policy?: Policy
}

/** A machine as the process that maps finds it. */
export interface MappingMachine extends Machine {
  /** The memory policy that the process has, under which it maps where none is asked for. */
  readonly heldPolicy?: Policy
}

interface ResolvedPart extends PoolCount {
  readonly policy?: Policy
  /** The only nodes that the pages of the mapping may come from. */
  readonly bound?: readonly NodeId[]
  /** The number of pages that was named; absent for `max`. */
  readonly named?: Pages
}

/**
 * The most bytes of one mapping. Most processors have no more than 2^47 for user space, and a
 * double is exact up to 2^53.
 */
const mostBytes = 2n ** 52n

const checkNodes = (machine: Machine, nodes: readonly NodeId[]): void => {
  for (const node of nodes) if (!findNode(machine, node).hasMemory) throw memoryless(machine, node)
}

const policyOf = ({ node }: PoolCount, { policy }: MappingRequest): Policy | undefined =>
  node === undefined ? policy : { mode: 'bind', nodes: [node] }

const resolvedPart = (
  machine: MappingMachine,
  wanted: PoolCount,
  request: MappingRequest,
): ResolvedPart => {
  const { pool, node } = wanted
  const { allowedNodes, heldPolicy } = machine
  const policy = policyOf(wanted, request)
  if (policy) checkNodes(machine, policy.nodes)
  const bound = boundNodes(
    present({
      pool,
      policy: policy ?? heldPolicy,
      allowedNodes,
      memoryNodes: memoryNodes(machine).map(({ id }) => id),
    }),
  )
  const named = resolveCount(wanted, 0n, memoryFor(machine, node))
  return present({
    ...wanted,
    policy,
    // A policy that allows no usable node is left to the kernel, which refuses it.
    bound: bound?.length ? bound : undefined,
    named,
  })
}

/**
 * Returns the hint for `max` where no page is available. `max` does not count pages that the file
 * has already or that are reserved for files of the mount.
 */
const makeRoom = ({ pool, bound }: ResolvedPart, { path, mount }: MappingRequest): string => {
  const source = path ?? mount
  return source === undefined
    ? growthHint(pool, 1n, bound)
    : `'max' does not count what ${source} has already: name a number of pages`
}

const checkPages = (part: ResolvedPart, pages: Pages, request: MappingRequest): Pages => {
  const { pool, node, named } = part
  const name = poolName(present({ size: pool.size, node }))
  if (pages <= 0n)
    throw named === undefined
      ? refused('short', `${name}: no page is available`, makeRoom(part, request))
      : usage(`${name}: a mapping has at least one page`)
  if (pages * pool.size > mostBytes)
    throw usage(`${name}: ${plural(pages, 'page fits', 'pages fit')} no address space`)
  return pages
}

/**
 * Returns the mappings that were typed. `max` is the number of available pages that the other
 * counts leave, and no more than are free on the nodes that the mapping is bound to. The kernel
 * counts no reservations of single nodes that could be subtracted there. Throws E_UNSUPPORTED for a
 * pool or node that is not there, E_USAGE for a count of none or too many pages and E_REFUSED for
 * `max` where no page is available.
 */
export const countedParts = (
  machine: MappingMachine,
  request: MappingRequest,
): readonly CountedPart[] => {
  const wanted = expandAssignments(machine, [request.assignment], request.nodes)
  const parts = wanted.map((one) => resolvedPart(machine, one, request))
  let taken = parts.reduce((sum, { named = 0n }) => sum + named, 0n)
  const most = ({ pool, bound }: ResolvedPart): Pages => {
    const left = availableNow(pool) - taken
    return bound === undefined ? left : fewer(left, freeOn(pool, bound))
  }
  return parts.map((part) => {
    const pages = checkPages(part, part.named ?? most(part), request)
    if (part.named === undefined) taken += pages
    return present({ pages, policy: part.policy })
  })
}
