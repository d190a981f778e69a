import { refused, unsupported } from '../errors.ts'
import { approximateBytes, ascending, type Bytes } from './bytes.ts'
import { fewer, type Pages } from './count.ts'
import { countersOf, isGigantic, type Machine, memoryNodes } from './machine.ts'
import { type Demand, largestFit, measured, overdrawn, type Room, roomsOf } from './margin.ts'
import type { NodeId } from './node-list.ts'
import { formatSize } from './page-size.ts'
import type { Floor } from './plan.ts'
import type { Policy } from './policy.ts'
import type { Wanted } from './targets.ts'

/** A number of persistent pages asked for; `requested` is undefined while `max` is not known yet. */
export interface Asked extends Wanted {
  readonly before: Pages
  readonly requested: Pages | undefined
}

export interface MemoryRules {
  readonly policy?: Policy
  /** What has to remain of the available memory; absent: a small default margin. */
  readonly leave?: Bytes
}

/** The nodes that the kernel takes pages from when this target grows. */
const givingNodes = (
  machine: Machine,
  policy: Policy | undefined,
  { pool, node }: Pick<Asked, 'pool' | 'node'>,
) => {
  if (node !== undefined) return [node]
  const nodes = policy?.nodes ?? memoryNodes(machine).map(({ id }) => id)
  const { allowedNodes } = machine
  if (allowedNodes === undefined || isGigantic(pool.size)) return nodes
  return nodes.filter((id) => allowedNodes.includes(id))
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
    nodes: givingNodes(machine, policy, asked),
  }
}

/** What a shrink gives back: never more than the free pages that nobody reserved. */
const freedBy = ({ pool, node, before, requested }: Asked): Bytes => {
  if (requested === undefined || requested >= before) return 0n
  const reserved = pool.reserved !== undefined && pool.reserved > 0n ? pool.reserved : 0n
  const pages = fewer(before - requested, countersOf(pool, node).free - reserved)
  return pages > 0n ? pages * pool.size : 0n
}

/**
 * How a pool that shrinks as a whole frees its pages: in turn over the nodes, and where a node has
 * no free page left the others go on (mm/hugetlb.c, remove_pool_hugetlb_folio).
 */
const freedOn = ({ pool }: Asked, bytes: Bytes): readonly (readonly [NodeId, Bytes])[] => {
  let left = bytes / pool.size
  const fewestFirst = [...pool.nodes].sort((a, b) => ascending(a.free, b.free))
  return fewestFirst.map(({ node, free }, index) => {
    const pages = fewer(free, left / BigInt(fewestFirst.length - index))
    left -= pages
    return [node, pages * pool.size]
  })
}

/** By node, and for the machine as a whole. */
const freedByNode = (asked: readonly Asked[]) => {
  const freed = new Map<NodeId | undefined, Bytes>()
  const add = (node: NodeId | undefined, bytes: Bytes) =>
    freed.set(node, (freed.get(node) ?? 0n) + bytes)
  for (const one of asked) {
    const bytes = freedBy(one)
    add(undefined, bytes)
    if (one.node !== undefined) add(one.node, bytes)
    else for (const [node, part] of freedOn(one, bytes)) add(node, part)
  }
  return freed
}

const refusal = (asked: Asked, room: Room, fitting: Pages, rules: MemoryRules) => {
  const size = formatSize(asked.pool.size)
  const place = room.node === undefined ? '' : ` on node ${room.node}`
  const word = asked.node === undefined ? `${size}=${fitting}` : `${size}=${asked.node}:${fitting}`
  const uneven = room.node !== undefined && asked.node === undefined && rules.policy === undefined
  const elsewhere = uneven ? '; to take more from other nodes, name them' : ''
  const share = rules.leave !== undefined && room.leave !== rules.leave
  const part = share ? ' (its part of the margin)' : ''
  return refused(
    `${asked.requested} pages of ${size} would leave less than ${approximateBytes(room.leave)}${part} of` +
      ` the ${approximateBytes(room.available)} of memory available${place}`,
    `the largest count that fits is ${word}${elsewhere}; --leave AMOUNT changes the margin, --leave 0 lets the kernel try`,
  )
}

const largestFirst = (asked: readonly Asked[]): readonly Asked[] =>
  [...asked].sort((a, b) => ascending(b.pool.size, a.pool.size))

/**
 * Refuses (E_REFUSED) growths that leave too little memory, naming the largest count that fits,
 * and gives every `max` its number: what fits after all that was asked for by number.
 */
export const fitIntoMemory = (
  machine: Machine,
  rules: MemoryRules,
  asked: readonly Asked[],
): { readonly settled: readonly Asked[]; readonly floors: readonly Floor[] } => {
  const { policy, leave } = rules
  const named = new Set(asked.flatMap(({ node }) => (node === undefined ? [] : [node])))
  const spread = new Set(
    asked
      .filter(({ node }) => node === undefined)
      .flatMap((one) => givingNodes(machine, policy, one)),
  )
  const rooms = roomsOf(machine, freedByNode(asked), leave, { named, spread: spread.size })
  const demands: Demand[] = []
  const settle = (one: Asked): Asked => {
    const demand = (to: Pages) => demandOf(machine, policy, one, to)
    const { surplus } = countersOf(one.pool, one.node)
    const fitting = () => {
      const fits = largestFit(rooms, demands, demand(one.before))
      if (fits === undefined) throw unsupported('the kernel does not say how much memory there is')
      return one.before + surplus + fits
    }
    const requested = one.requested ?? fitting()
    const needed = demand(requested)
    if (leave !== 0n && needed.pages > 0n && !measured(rooms, needed))
      throw unsupported(
        'the kernel does not say how much memory is available',
        '--leave 0 lets the kernel try',
      )
    const room = leave === 0n ? undefined : overdrawn(rooms, [...demands, needed])
    if (room !== undefined && needed.pages > 0n) throw refusal(one, room, fitting(), rules)
    demands.push(needed)
    return { ...one, requested }
  }
  const known = asked.filter(({ requested }) => requested !== undefined)
  const open = asked.filter(({ requested }) => requested === undefined)
  const settled = new Map(
    [...largestFirst(known), ...largestFirst(open)].map((one) => [one, settle(one)]),
  )
  const floors = leave === 0n ? [] : rooms.map(({ available: _, ...floor }) => floor)
  return { settled: asked.map((one) => settled.get(one) ?? one), floors }
}
