import { refused } from '../../errors.ts'
import type { Machine } from '../pools/machine.ts'
import {
  defaultMargin,
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
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import type { AskedLine } from './asked-line.ts'
import { areaUnit } from './cma-areas.ts'
import { type BootMachine, nodesWithMemory } from './boot-machine.ts'

/**
 * What a kernel, its initrd and what starts then take before anybody could give pages back. Nothing
 * of it is taken yet when a line is read, as it is where a running machine is asked for pages.
 */
const startNeeds: Bytes = 512n * 1024n ** 2n

/** The memory that has to remain at a start: the margin of `resize`, and what the start itself needs. */
export const startMargin = (total: Bytes): Bytes => defaultMargin(total) + startNeeds

/** A machine at its start, all of whose memory is available. */
const startingMachine = (machine: BootMachine): Machine => {
  const there = nodesWithMemory(machine)
  const total = there.reduce((sum, { memory }) => sum + memory, 0n)
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

/** What is taken from memory, and how it was typed: `1G=0:` or `1G=`. */
interface Taken extends MemoryDemand {
  readonly typed: string
  readonly what: string
}

/** Pages and areas of CMA, of which nothing that the kernel keeps can be allocated either. */
const takenBy = (machine: BootMachine, { pages, areas }: AskedLine): readonly Taken[] => {
  const all = nodesWithMemory(machine).map(({ node }) => node)
  const unit = areaUnit(machine)
  const parts = [
    ...pages.map(({ size, count, nodes }) => ({ size, count, nodes, what: '' })),
    ...(areas === undefined || unit === undefined
      ? []
      : [
          {
            size: unit,
            count: areas.total / unit,
            nodes:
              areas.nodes && new Map([...areas.nodes].map(([node, bytes]) => [node, bytes / unit])),
            what: ' for CMA',
          },
        ]),
  ]
  return parts.flatMap(({ size, count, nodes, what }): readonly Taken[] => {
    const name = `${formatSize(size)}=`
    return nodes === undefined
      ? [{ size, pages: count, nodes: all, typed: name, what }]
      : [...nodes].map(([node, pages]) => ({
          ...{ size, pages, nodes: [node], typed: `${name}${node}:`, what },
        }))
  })
}

const roomsAtStart = (
  machine: BootMachine,
  taken: readonly Taken[],
  leave: Bytes | undefined,
): readonly MemoryRoom[] => {
  const all = nodesWithMemory(machine).length
  const named = new Set<NodeId>(
    taken.flatMap(({ nodes, typed }) => (typed.endsWith(':') ? nodes : [])),
  )
  const spread = taken.some(({ typed }) => typed.endsWith('=')) ? all : 0
  const rooms = roomsOf(startingMachine(machine), new Map(), leave, { named, spread })
  return leave === undefined
    ? rooms.map((room) =>
        room.node === undefined ? { ...room, leave: room.leave + startNeeds } : room,
      )
    : rooms
}

const refusal = (rooms: readonly MemoryRoom[], taken: Taken, leave: Bytes | undefined) => {
  const { size, pages, typed, what } = taken
  const fits = largestFit(rooms, taken) ?? 0n
  return refused(
    'margin',
    `${plural(pages, 'page')} of ${formatSize(size)}${what} ${beyondWords({ rooms, demand: taken, leave })}`,
    `the largest count that fits is ${typed}${fits}; --leave AMOUNT changes the margin\nwhat the line takes is gone before anything has started: pages that are no gigantic ones can come from 'hugepool apply' as well`,
  )
}

/**
 * Throws E_REFUSED for pages and areas that leave too little memory, by the margins of `resize`: a
 * machine whose line takes all its memory never comes to where it could be changed.
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
