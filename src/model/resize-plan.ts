import { refused, unsupported, usage } from '../errors.ts'
import type { Assignment } from './assignment.ts'
import { approximateBytes, type Bytes } from './bytes.ts'
import { fewer, type Pages } from './count.ts'
import { countersOf, findNode, type Machine, memoryNodes, persistent } from './machine.ts'
import { type Demand, largestFit, overdrawn, type Room, roomsOf } from './margin.ts'
import { formatNodes, type NodeId, type NodeSelection } from './node-list.ts'
import { formatSize } from './page-size.ts'
import { grows, inOrder, type Plan, type Step, stepFor } from './plan.ts'
import type { Policy } from './policy.ts'
import { expandAssignments, resolveCount, type Wanted } from './targets.ts'

export interface ResizeRequest {
  readonly assignments: readonly Assignment[]
  readonly nodes?: NodeSelection
  readonly policy?: Policy
  /** What has to remain of the available memory; absent: a small default margin. */
  readonly leave?: Bytes
}

/** A number asked for; `requested` is undefined while `max` is not known yet. */
interface Asked extends Wanted {
  readonly before: Pages
  readonly requested: Pages | undefined
}

const memoryOf = (machine: Machine, node: NodeId | undefined) => {
  const nodes = memoryNodes(machine)
  // With one node the machine's own figures say more than the node's.
  return node === undefined || nodes.length === 1 ? machine.memory : findNode(machine, node).memory
}

const ask = (machine: Machine, wanted: Wanted): Asked => {
  const before = persistent(countersOf(wanted.pool, wanted.node))
  const requested = resolveCount(wanted, before, memoryOf(machine, wanted.node))
  const growing = requested === undefined || requested > before
  if (wanted.node !== undefined && growing && !findNode(machine, wanted.node).hasMemory)
    throw unsupported(
      `node ${wanted.node} has no memory, so it cannot hold ${formatSize(wanted.pool.size)} pages`,
    )
  return { ...wanted, before, requested }
}

const checkPolicy = (machine: Machine, request: ResizeRequest, asked: readonly Asked[]): void => {
  if (request.policy === undefined) return
  if (asked.some(({ node }) => node !== undefined))
    throw usage('--mempolicy is for whole pools, so no node can be named beside it')
  for (const node of request.policy.nodes)
    if (!findNode(machine, node).hasMemory) throw unsupported(`node ${node} has no memory`)
}

/** The nodes that the kernel takes pages from when this target grows. */
const givingNodes = (machine: Machine, policy: Policy | undefined, node?: NodeId) => {
  if (node !== undefined) return [node]
  const nodes = policy?.nodes ?? memoryNodes(machine).map(({ id }) => id)
  const { allowedNodes } = machine
  return allowedNodes === undefined ? nodes : nodes.filter((id) => allowedNodes.includes(id))
}

/** Growing turns surplus pages into persistent ones first; only the rest needs memory. */
const demandOf = (
  machine: Machine,
  policy: Policy | undefined,
  asked: Asked,
  to: Pages,
): Demand => {
  const { surplus } = countersOf(asked.pool, asked.node)
  const pages = to - asked.before - surplus
  return {
    size: asked.pool.size,
    pages: pages > 0n ? pages : 0n,
    nodes: givingNodes(machine, policy, asked.node),
  }
}

/** What a shrink gives back: never more than the free pages that nobody reserved. */
const freedBy = ({ pool, node, before, requested }: Asked): Bytes => {
  if (requested === undefined || requested >= before) return 0n
  const reserved = pool.reserved !== undefined && pool.reserved > 0n ? pool.reserved : 0n
  const spare = countersOf(pool, node).free - reserved
  const pages = fewer(before - requested, spare)
  return pages > 0n ? pages * pool.size : 0n
}

const freedByNode = (machine: Machine, asked: readonly Asked[]) => {
  const freed = new Map<NodeId | undefined, Bytes>()
  const add = (node: NodeId | undefined, bytes: Bytes) =>
    freed.set(node, (freed.get(node) ?? 0n) + bytes)
  const nodes = memoryNodes(machine)
  for (const one of asked) {
    const bytes = freedBy(one)
    add(undefined, bytes)
    if (one.node !== undefined) add(one.node, bytes)
    else for (const { id } of nodes) add(id, bytes / BigInt(nodes.length))
  }
  return freed
}

const refusal = (asked: Asked, room: Room, fitting: Pages) => {
  const size = formatSize(asked.pool.size)
  const place = room.node === undefined ? '' : ` on node ${room.node}`
  const word = asked.node === undefined ? `${size}=${fitting}` : `${size}=${asked.node}:${fitting}`
  return refused(
    `${asked.requested} pages of ${size} would leave less than ${approximateBytes(room.leave)} of` +
      ` the ${approximateBytes(room.available)} of memory available${place}`,
    `the largest count that fits is ${word}; --leave AMOUNT changes the margin, --leave 0 lets the kernel try`,
  )
}

/** Refuses growths that leave too little, and gives `max` its number. */
const fitIntoMemory = (
  machine: Machine,
  request: ResizeRequest,
  asked: readonly Asked[],
): readonly Asked[] => {
  const spread = asked.every(({ node }) => node === undefined)
  const rooms = roomsOf(machine, freedByNode(machine, asked), request.leave, spread)
  const demands: Demand[] = []
  const settle = (one: Asked): Asked => {
    const demand = (to: Pages) => demandOf(machine, request.policy, one, to)
    const { surplus } = countersOf(one.pool, one.node)
    const fitting = () => one.before + surplus + largestFit(rooms, demands, demand(one.before))
    const requested = one.requested ?? fitting()
    const needed = demand(requested)
    const room = request.leave === 0n ? undefined : overdrawn(rooms, [...demands, needed])
    if (room !== undefined && needed.pages > 0n) throw refusal(one, room, fitting())
    demands.push(needed)
    return { ...one, requested }
  }
  const known = asked.filter(({ requested }) => requested !== undefined)
  const open = asked.filter(({ requested }) => requested === undefined)
  return [...byPageSize(known), ...byPageSize(open)].map(settle)
}

const byPageSize = (asked: readonly Asked[]): readonly Asked[] =>
  [...asked].sort((a, b) => Number(b.pool.size > a.pool.size) - Number(b.pool.size < a.pool.size))

/** Says which nodes a cpuset keeps this process away from: there the kernel silently gives nothing. */
const cpusetNotes = (machine: Machine, policy: Policy | undefined, steps: readonly Step[]) => {
  const { allowedNodes } = machine
  if (allowedNodes === undefined) return []
  const growing = steps.filter(grows)
  const memory = memoryNodes(machine).map(({ id }) => id)
  const asked = growing.flatMap(({ node }) =>
    node === undefined ? (policy?.nodes ?? memory) : [node],
  )
  const hidden = [...new Set(asked)].filter((node) => !allowedNodes.includes(node))
  if (hidden.length === 0) return []
  return [
    `the cpuset of this process allows nodes ${formatNodes(allowedNodes)} only: the kernel will give nothing on ${formatNodes(hidden)}`,
  ]
}

const eachNodeNotes = (request: ResizeRequest, asked: readonly Asked[]): readonly string[] => {
  if (request.nodes === undefined) return []
  const sizes = [...new Set(asked.map(({ pool }) => pool.size))]
  return sizes.flatMap((size) => {
    const counts = asked.filter(({ pool }) => pool.size === size)
    const nodes = counts.flatMap(({ node }) => (node === undefined ? [] : [node]))
    const pages = counts.map(({ requested }) => requested ?? 0n)
    if (nodes.length < 2) return []
    const total = pages.reduce((sum, count) => sum + count, 0n)
    const each = pages.every((count) => count === pages[0]) ? `${pages[0]} pages` : 'the count'
    return [`${formatSize(size)}: ${each} on each of nodes ${formatNodes(nodes)}, ${total} in all`]
  })
}

/**
 * What a resize would write. Throws before anything is written: E_UNSUPPORTED for what the machine
 * lacks, E_USAGE for contradictions, E_REFUSED for a growth that would leave too little memory.
 */
export const planResize = (machine: Machine, request: ResizeRequest): Plan => {
  const wanted = expandAssignments(machine, request.assignments, request.nodes)
  const asked = wanted.map((one) => ask(machine, one))
  checkPolicy(machine, request, asked)
  const settled = fitIntoMemory(machine, request, asked)
  const targets = settled.map(({ pool, node, requested, before }) => ({
    size: pool.size,
    attribute: 'persistent' as const,
    ...(node !== undefined && { node }),
    requested: requested ?? before,
  }))
  const steps = targets.flatMap((target, index) => {
    const { requested, ...place } = target
    const before = settled[index]?.before ?? 0n
    return requested === before ? [] : [stepFor(place, before, requested, request.policy)]
  })
  const notes = [...eachNodeNotes(request, settled), ...cpusetNotes(machine, request.policy, steps)]
  return { steps: inOrder(steps), targets, notes }
}
