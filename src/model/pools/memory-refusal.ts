import { type HugepoolError, refused } from '../../errors.ts'
import { approximateBytes, type Bytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import { namedNodes, onNode } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { largestFit, type MemoryDemand, type MemoryRoom, roomFor } from './margin.ts'
import type { ResolvedCount } from './pool-counts.ts'

/** A demand that is too large for the rooms, and the margin that was typed, if one was. */
export interface TooLarge {
  readonly rooms: readonly MemoryRoom[]
  readonly demand: MemoryDemand
  readonly leave: Bytes | undefined
}

/** Returns the one room that is too small; undefined where it is the nodes together that are. */
const tightRoom = ({ rooms, demand }: TooLarge): MemoryRoom | undefined => {
  const { pages, size, nodes } = demand
  const [node, ...others] = nodes
  const alone = others.length === 0 && node !== undefined ? roomFor(rooms, node) : undefined
  const whole = roomFor(rooms, undefined)
  return [alone, whole].find((room) => room && room.available - pages * size < room.leave)
}

const roomWords = ({ node, available, leave }: MemoryRoom, typed: Bytes | undefined): string => {
  const part = typed !== undefined && leave !== typed ? ' (its part of the margin)' : ''
  const kept = `${approximateBytes(leave)}${part}`
  const there = approximateBytes(available)
  return available < leave
    ? `would go below the ${kept} that has to remain${onNode(node)}, where ${there} of memory is available`
    : `would leave less than ${kept} of the ${there} of memory available${onNode(node)}`
}

const nodesWords = ({ rooms, demand }: TooLarge): string => {
  const fits = largestFit(rooms, demand) ?? 0n
  const can = fits === 0n ? '' : `, which can give ${fits} more`
  return `would leave less than the margin on each of ${namedNodes(demand.nodes)}${can}`
}

/** Says what a growth would do to the memory. The subject is the growth: `64 pages of 2M`. */
export const beyondWords = (tooLarge: TooLarge): string => {
  const room = tightRoom(tooLarge)
  return room === undefined ? nodesWords(tooLarge) : roomWords(room, tooLarge.leave)
}

/**
 * Returns the error for a count that leaves too little memory; `fitting` is the largest that fits.
 */
export const memoryRefusal = (
  resolved: ResolvedCount & { readonly requested: Pages },
  tooLarge: TooLarge,
  fitting: Pages,
): HugepoolError => {
  const size = formatSize(resolved.pool.size)
  const nodePart = resolved.node === undefined ? '' : `${resolved.node}:`
  return refused(
    'margin',
    `${plural(resolved.requested, 'page')} of ${size} ${beyondWords(tooLarge)}`,
    `the largest count that fits is ${size}=${nodePart}${fitting}; --leave AMOUNT changes the margin, --leave 0 lets the kernel try`,
  )
}
