import { refused, unsupported } from '../../errors.ts'
import { approximateBytes, ascending, type Bytes } from '../words/bytes.ts'
import { atLeastNone, type Pages } from '../words/count.ts'
import { onNode } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import type { Policy } from '../words/policy.ts'
import { freedByNode } from './freed-memory.ts'
import { confinedTo, countersOf, type Machine, memoryNodes } from './machine.ts'
import {
  isMeasured,
  largestFit,
  type MemoryDemand,
  type MemoryRoom,
  overdrawn,
  roomsOf,
} from './margin.ts'
import type { ResolvedCount } from './pool-counts.ts'
import type { MemoryMinimum } from './pool-plan.ts'

export interface MemoryRules {
  readonly policy?: Policy
  /** The memory that has to remain available; absent means a small default margin. */
  readonly leave?: Bytes
}

/** Returns the nodes that the kernel takes pages from when this target grows. */
const givingNodes = (
  machine: Machine,
  policy: Policy | undefined,
  { pool, node }: Pick<ResolvedCount, 'pool' | 'node'>,
) => {
  if (node !== undefined) return [node]
  const nodes = policy?.nodes ?? memoryNodes(machine).map(({ id }) => id)
  const confined = confinedTo(machine, pool.size)
  return confined === undefined ? nodes : nodes.filter((id) => confined.includes(id))
}

/**
 * Returns the memory that a growth needs. A growth makes surplus pages persistent first, and only
 * the rest needs memory.
 */
const demandOf = (
  machine: Machine,
  policy: Policy | undefined,
  resolved: ResolvedCount,
  to: Pages,
): MemoryDemand => {
  const { surplus } = countersOf(resolved.pool, resolved.node)
  return {
    size: resolved.pool.size,
    pages: atLeastNone(to - resolved.before - surplus),
    nodes: givingNodes(machine, policy, resolved),
  }
}

const refusal = (resolved: ResolvedCount, room: MemoryRoom, fitting: Pages, rules: MemoryRules) => {
  const size = formatSize(resolved.pool.size)
  const word =
    resolved.node === undefined ? `${size}=${fitting}` : `${size}=${resolved.node}:${fitting}`
  const uneven =
    room.node !== undefined && resolved.node === undefined && rules.policy === undefined
  const elsewhere = uneven ? '; to take more from other nodes, name them' : ''
  const share = rules.leave !== undefined && room.leave !== rules.leave
  const part = share ? ' (its part of the margin)' : ''
  return refused(
    `${resolved.requested} pages of ${size} would leave less than ${approximateBytes(room.leave)}${part} of` +
      ` the ${approximateBytes(room.available)} of memory available${onNode(room.node)}`,
    `the largest count that fits is ${word}${elsewhere}; --leave AMOUNT changes the margin, --leave 0 lets the kernel try`,
  )
}

const largestFirst = (resolved: readonly ResolvedCount[]): readonly ResolvedCount[] =>
  [...resolved].sort((a, b) => ascending(b.pool.size, a.pool.size))

/**
 * Throws E_REFUSED for growths that leave too little memory, with the largest count that fits.
 * Gives every `max` its number: what fits after all counts that were given as numbers.
 */
export const fitIntoMemory = (
  machine: Machine,
  rules: MemoryRules,
  resolved: readonly ResolvedCount[],
): {
  readonly fitted: readonly ResolvedCount[]
  readonly memoryMinimums: readonly MemoryMinimum[]
} => {
  const { policy, leave } = rules
  const named = new Set(resolved.flatMap(({ node }) => (node === undefined ? [] : [node])))
  const spread = new Set(
    resolved
      .filter(({ node }) => node === undefined)
      .flatMap((one) => givingNodes(machine, policy, one)),
  )
  const freed = freedByNode(machine, policy, resolved)
  const rooms = roomsOf(machine, freed, leave, { named, spread: spread.size })
  const demands: MemoryDemand[] = []
  const fitOne = (one: ResolvedCount): ResolvedCount => {
    const demand = (to: Pages) => demandOf(machine, policy, one, to)
    const { surplus } = countersOf(one.pool, one.node)
    const fitting = () => {
      const fits = largestFit(rooms, demands, demand(one.before))
      if (fits === undefined) throw unsupported('the kernel does not say how much memory there is')
      return one.before + surplus + fits
    }
    const requested = one.requested ?? fitting()
    const needed = demand(requested)
    if (leave !== 0n && needed.pages > 0n && !isMeasured(rooms, needed))
      throw unsupported(
        'the kernel does not say how much memory is available',
        '--leave 0 lets the kernel try',
      )
    const room = leave === 0n ? undefined : overdrawn(rooms, [...demands, needed])
    if (room !== undefined && needed.pages > 0n) throw refusal(one, room, fitting(), rules)
    demands.push(needed)
    return { ...one, requested }
  }
  const known = resolved.filter(({ requested }) => requested !== undefined)
  const open = resolved.filter(({ requested }) => requested === undefined)
  const fitted = new Map(
    [...largestFirst(known), ...largestFirst(open)].map((one) => [one, fitOne(one)]),
  )
  const memoryMinimums = leave === 0n ? [] : rooms.map(({ available: _, ...minimum }) => minimum)
  return { fitted: resolved.map((one) => fitted.get(one) ?? one), memoryMinimums }
}
