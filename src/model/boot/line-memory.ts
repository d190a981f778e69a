import { refused } from '../../errors.ts'
import type { Machine } from '../pools/machine.ts'
import {
  largestFit,
  type MemoryDemand,
  type MemoryRoom,
  roomsAfter,
  roomsOf,
  sharesWithin,
} from '../pools/margin.ts'
import { beyondWords } from '../pools/memory-refusal.ts'
import type { Bytes } from '../words/bytes.ts'
import type { NodeId } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { present } from '../words/present.ts'
import { sum } from '../words/sum.ts'
import type { AskedLine } from './asked-line.ts'
import type { AskedPages } from './asked-pages.ts'
import { type BootMachine, nodesWithMemory } from './boot-machine.ts'
import { areaUnit } from './cma-areas.ts'
import type { CmaRequest } from './line-request.ts'

/**
 * A kernel, its initrd and what starts then take so many bytes before anybody could give pages
 * back. On a machine that runs already this memory is taken; when a line is read, none of it is.
 */
const startNeeds: Bytes = 512n * 1024n ** 2n

/** Makes the machine of a start, all of whose memory is available. */
const startingMachine = (machine: BootMachine): Machine => {
  const there = nodesWithMemory(machine)
  const total = sum(there.map(({ memory }) => memory))
  return {
    pools: [],
    nodes: there.map(({ node, memory }) => ({
      id: node,
      hasMemory: true,
      memory: { total: memory, available: memory },
    })),
    memory: { total, available: total },
    largestBlock: machine.largestBlock,
  }
}

/** Pages that a line takes from memory; an area of CMA counts as pages too. */
interface TakenAtStart extends MemoryDemand {
  /** The node that was named; absent where none was. */
  readonly node?: NodeId
  readonly isArea: boolean
}

const takenOn = (
  { size, count, nodes }: AskedPages,
  all: readonly NodeId[],
  isArea: boolean,
): readonly TakenAtStart[] =>
  nodes === undefined
    ? [{ size, pages: count, nodes: all, isArea }]
    : [...nodes].map(([node, pages]) => ({ size, pages, nodes: [node], node, isArea }))

/** Counts areas of CMA as pages of the size of which they are made. */
const areaPages = ({ total, nodes }: CmaRequest, size: PageSize): AskedPages =>
  present({
    size,
    count: total / size,
    nodes: nodes && new Map([...nodes].map(([node, bytes]) => [node, bytes / size])),
  })

/**
 * Lists what a line takes: pages, and areas of CMA, in which the kernel can put nothing that has to
 * stay where it is.
 */
const takenBy = (machine: BootMachine, { pages, areas }: AskedLine): readonly TakenAtStart[] => {
  const all = nodesWithMemory(machine).map(({ node }) => node)
  const unit = areaUnit(machine)
  return [
    ...pages.flatMap((one) => takenOn(one, all, false)),
    ...(areas === undefined || unit === undefined
      ? []
      : takenOn(areaPages(areas, unit), all, true)),
  ]
}

const roomsAtStart = (
  machine: BootMachine,
  taken: readonly TakenAtStart[],
  leave: Bytes | undefined,
): readonly MemoryRoom[] => {
  const named = new Set(taken.flatMap(({ node }) => node ?? []))
  const isSpread = taken.some(({ node }) => node === undefined)
  const spread = isSpread ? nodesWithMemory(machine).length : 0
  const rooms = roomsOf(startingMachine(machine), new Map(), leave, { named, spread })
  return leave !== undefined
    ? rooms
    : rooms.map((room) =>
        room.node === undefined ? { ...room, leave: room.leave + startNeeds } : room,
      )
}

const refusal = (rooms: readonly MemoryRoom[], taken: TakenAtStart, leave: Bytes | undefined) => {
  const { size, pages, node, isArea } = taken
  const name = formatSize(size)
  const fits = `${name}=${node === undefined ? '' : `${node}:`}${largestFit(rooms, taken) ?? 0n}`
  return refused(
    'margin',
    `${plural(pages, 'page')} of ${name}${isArea ? ' for CMA' : ''} ${beyondWords({ rooms, demand: taken, leave })}`,
    `the largest count that fits is ${fits}; --leave AMOUNT changes the margin\nwhat the line takes is gone before anything has started: 'hugepool apply' can provide pages that are not gigantic later`,
  )
}

/**
 * Throws E_REFUSED for pages and areas that leave too little memory, by the margins of `resize`: a
 * machine whose line takes all its memory never gets so far that its line could be changed.
 */
export const checkMemory = (
  machine: BootMachine,
  asked: AskedLine,
  leave: Bytes | undefined,
): void => {
  const taken = takenBy(machine, asked)
  let rooms = roomsAtStart(machine, taken, leave)
  for (const one of taken) {
    if ((largestFit(rooms, one) ?? one.pages) < one.pages) throw refusal(rooms, one, leave)
    rooms = roomsAfter(rooms, one, sharesWithin(rooms, one))
  }
}
