import { refused, unsupported, usage } from '../../errors.ts'
import { availableNow, findNode, type Machine, memoryFor } from '../pools/machine.ts'
import { expandAssignments, type PoolCount, resolveCount } from '../pools/pool-counts.ts'
import { poolName } from '../pools/pool-plan.ts'
import { fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { Policy } from '../words/policy.ts'
import { present } from '../words/present.ts'
import { growthHint } from './growth-hint.ts'
import type { MappingRequest } from './mapping-request.ts'
import { boundNodes, freeOn } from './reasons/fault-facts.ts'

/** How many pages one mapping has, and what the thread is under that maps and touches it. */
export interface CountedPart {
  readonly pages: Pages
  readonly policy?: Policy
}

interface ResolvedPart extends PoolCount {
  readonly policy?: Policy
  /** The only nodes that its pages may come from. */
  readonly bound?: readonly NodeId[]
  /** Absent for `max`. */
  readonly named?: Pages
}

/** An address of user space has 47 bits on most processors, and a double counts 53. */
const mostBytes = 2n ** 52n

const checkNodes = (machine: Machine, nodes: readonly NodeId[]): void => {
  for (const node of nodes)
    if (!findNode(machine, node).hasMemory) throw unsupported(`node ${node} has no memory`)
}

const policyOf = ({ node }: PoolCount, { policy }: MappingRequest): Policy | undefined =>
  node === undefined ? policy : { mode: 'bind', nodes: [node] }

const resolvedPart = (
  machine: Machine,
  wanted: PoolCount,
  request: MappingRequest,
): ResolvedPart => {
  const { pool, node } = wanted
  const { allowedNodes } = machine
  const policy = policyOf(wanted, request)
  if (policy) checkNodes(machine, policy.nodes)
  const bound = boundNodes(
    present({
      pool,
      policy,
      allowedNodes,
    }),
  )
  const named = resolveCount(wanted, 0n, memoryFor(machine, node))
  return present({
    ...wanted,
    policy,
    // Of a policy with no such node the kernel itself says what is wrong.
    bound: bound?.length ? bound : undefined,
    named,
  })
}

/** What is in a file, or held for those of a mount, is available to nobody else. */
const makeRoom = ({ pool, bound }: ResolvedPart, { path, mount }: MappingRequest): string => {
  const place = path ?? mount
  return place === undefined
    ? growthHint(pool, 1n, bound)
    : `'max' does not count what ${place} has already: name a number of pages`
}

const checkPages = (part: ResolvedPart, pages: Pages, request: MappingRequest): Pages => {
  const { pool, node, named } = part
  const place = poolName(present({ size: pool.size, node }))
  if (pages <= 0n)
    throw named === undefined
      ? refused(`${place}: no page is available`, makeRoom(part, request))
      : usage(`${place}: a mapping has at least one page`)
  if (pages * pool.size > mostBytes) throw usage(`${place}: ${pages} pages fit no address space`)
  return pages
}

/**
 * The mappings that were typed. `max` is what the pool can promise besides the other counts, as far
 * as it is free where the mapping may have it: a node has no reservations of its own to subtract.
 */
export const countedParts = (machine: Machine, request: MappingRequest): readonly CountedPart[] => {
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
