import { HugepoolError, unsupported } from '../../errors.ts'
import type { Bytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { present } from '../words/present.ts'
import { type KeepsGoing, type PartLeftOut, partName } from './left-out.ts'
import type { Machine } from './machine.ts'
import { isMeasured, largestFit, type MemoryDemand, type MemoryRoom } from './margin.ts'
import { demandOf, fittingCount } from './memory-demand.ts'
import { memoryRefusal } from './memory-refusal.ts'
import { checkNodeMemory } from './node-memory.ts'
import type { ResolvedCount } from './pool-counts.ts'

/**
 * Throws E_REFUSED where a count that was given as a number would leave too little memory, and
 * E_UNSUPPORTED where the memory is not known.
 */
const checkFit = (
  rooms: readonly MemoryRoom[],
  one: ResolvedCount,
  demand: MemoryDemand,
  leave: Bytes | undefined,
): void => {
  const { requested } = one
  if (requested === undefined || leave === 0n || demand.pages === 0n) return
  if (!isMeasured(rooms, demand))
    throw unsupported(
      'not-shown',
      'the kernel does not say how much memory is available',
      '--leave 0 lets the kernel try',
    )
  const fits = largestFit(rooms, demand)
  if (fits === undefined || demand.pages <= fits) return
  throw memoryRefusal(
    { ...one, requested },
    { rooms, demand, leave },
    fittingCount(rooms, one, demand.nodes),
  )
}

/** A count, and the nodes that the kernel takes its pages from. */
interface GivenCount extends ResolvedCount {
  readonly nodes: readonly NodeId[]
}

/**
 * Returns the number of a count, which for `max` is all that fits. Throws where it does not fit.
 */
const checkedNumber = (
  machine: Machine,
  rooms: readonly MemoryRoom[],
  one: GivenCount,
  leave: Bytes | undefined,
): Pages => {
  checkNodeMemory(machine, one, leave)
  const requested = one.requested ?? fittingCount(rooms, one, one.nodes)
  checkFit(rooms, one, demandOf(one.nodes, one, requested), leave)
  return requested
}

/**
 * Returns the number to which a refused count is cut: what fits, or the present number where the
 * memory is not known.
 */
const cutNumber = (
  rooms: readonly MemoryRoom[],
  one: GivenCount,
  { reason }: HugepoolError,
): Pages => (reason === 'margin' ? fittingCount(rooms, one, one.nodes) : one.before)

/** The number of a count, and what was cut of it, where it did not fit. */
export interface FittingNumber {
  readonly requested: Pages
  readonly leftOut?: PartLeftOut
}

/**
 * Returns the number of a count. Throws E_REFUSED where it would leave too little memory and
 * E_UNSUPPORTED where the memory is not known. A call that keeps going gets what fits instead.
 */
export const fittingNumber = (
  machine: Machine,
  { leave, keepGoing = false }: { readonly leave?: Bytes } & KeepsGoing,
  rooms: readonly MemoryRoom[],
  one: GivenCount,
): FittingNumber => {
  try {
    return { requested: checkedNumber(machine, rooms, one, leave) }
  } catch (error) {
    if (!keepGoing || !(error instanceof HugepoolError)) throw error
    const requested = cutNumber(rooms, one, error)
    const planned = requested > one.before ? requested : undefined
    const name = partName(one.pool, one.node, one.count)
    return { requested, leftOut: present({ ...name, requested: one.requested, planned, error }) }
  }
}
