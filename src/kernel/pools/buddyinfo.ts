import { isGigantic, largestBlockFor } from '../../model/pools/gigantic.ts'
import type { Machine } from '../../model/pools/machine.ts'
import type { Shortage } from '../../model/pools/shortage.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { readIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { readBasePage } from './base-page.ts'
import { readMeminfo } from './meminfo.ts'

/** Free blocks of each node by order: element k counts blocks of 2^k base pages, over all zones. */
export type FreeBlocks = ReadonlyMap<NodeId, readonly bigint[]>

/** Parses /proc/buddyinfo (frag_show_print in mm/vmstat.c). */
export const parseBuddyinfo = (text: string): FreeBlocks => {
  const nodes = new Map<NodeId, bigint[]>()
  for (const [, id, counts] of text.matchAll(/^Node (\d+), zone +\S+ ([\d ]+)$/gm)) {
    const orders = nodes.get(Number(id)) ?? []
    const words = (counts ?? '').trim().split(/ +/)
    nodes.set(
      Number(id),
      words.map((word, order) => (orders[order] ?? 0n) + BigInt(word)),
    )
  }
  return nodes
}

/**
 * Reads the bytes of the largest block of the buddy allocator, from the number of columns in
 * /proc/buddyinfo, which has one for each order.
 */
export const readLargestBlock = (tree: Tree, sizes: readonly PageSize[]): Bytes => {
  const basePage = readBasePage(tree, sizes)
  const [orders] = parseBuddyinfo(readIfPresent(tree, '/proc/buddyinfo') ?? '').values()
  return orders === undefined
    ? largestBlockFor(sizes, basePage)
    : basePage << BigInt(orders.length - 1)
}

/** Returns the order of a page, which has 2^order base pages. */
const orderOf = (size: PageSize, basePage: Bytes): number =>
  (size / basePage).toString(2).length - 1

/** Counts the pages of the order `wanted` in the free blocks of this order and all larger ones. */
const readyPages = (orders: readonly bigint[], wanted: number): bigint =>
  orders.slice(wanted).reduce((sum, blocks, above) => sum + blocks * 2n ** BigInt(above), 0n)

const readiness = (
  orders: readonly bigint[],
  machine: Pick<Machine, 'largestBlock'>,
  size: PageSize,
) => {
  if (isGigantic(machine, size)) return { gigantic: true }
  const basePage = machine.largestBlock >> BigInt(orders.length - 1)
  return { gigantic: false, ready: readyPages(orders, orderOf(size, basePage)) }
}

const freeMemory = (tree: Tree, node: NodeId, nodes: number): Bytes => {
  const path = `/sys/devices/system/node/node${node}/meminfo`
  const ofNode = readMeminfo(tree, path).get('MemFree')
  return (nodes > 1 ? ofNode : undefined) ?? readMeminfo(tree).get('MemFree') ?? 0n
}

/**
 * Reads what the kernel shows about why pages of `size` fell short, for the nodes in `only` or for
 * all.
 */
export const readShortage = (
  tree: Tree,
  machine: Pick<Machine, 'largestBlock'>,
  size: PageSize,
  only?: readonly NodeId[],
): readonly Shortage[] => {
  const blocks = parseBuddyinfo(readIfPresent(tree, '/proc/buddyinfo') ?? '')
  return [...blocks]
    .filter(([node]) => only === undefined || only.includes(node))
    .map(([node, orders]) => ({
      node,
      free: freeMemory(tree, node, blocks.size),
      ...readiness(orders, machine, size),
    }))
}
