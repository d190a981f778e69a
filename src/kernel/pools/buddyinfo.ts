import type { Shortage } from '../../model/pools/shortage.ts'
import { type Bytes, fromKilobytes } from '../../model/words/bytes.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { readIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { readMeminfo } from './meminfo.ts'

/** Free blocks of each node by order: element k counts blocks of 2^k base pages, over all zones. */
export type FreeBlocks = ReadonlyMap<NodeId, readonly bigint[]>

/** Parses /proc/buddyinfo (frag_show_print in mm/vmstat.c). */
export const parseBuddyinfo = (text: string): FreeBlocks => {
  const nodes = new Map<NodeId, bigint[]>()
  for (const [, id, counts] of text.matchAll(/^Node (\d+), zone +\S+ +([\d ]+)$/gm)) {
    const orders = nodes.get(Number(id)) ?? []
    const words = (counts ?? '').trim().split(/ +/)
    nodes.set(
      Number(id),
      words.map((word, order) => (orders[order] ?? 0n) + BigInt(word)),
    )
  }
  return nodes
}

/** The size of a base page, as /proc/self/smaps shows it for the first mapping of this process. */
export const readBasePage = (tree: Tree): Bytes | undefined => {
  const smaps = readIfPresent(tree, '/proc/self/smaps') ?? ''
  const kilobytes = /^KernelPageSize:\s+(\d+) kB$/m.exec(smaps)?.[1]
  return kilobytes === undefined ? undefined : fromKilobytes(kilobytes)
}

/** The order of a page, which has 2^order base pages (huge_page_order in mm/hugetlb.c). */
const orderOf = (size: PageSize, basePage: Bytes): number =>
  (size / basePage).toString(2).length - 1

/** Counts the pages of the order `wanted` in the free blocks of this order and all larger ones. */
const readyPages = (orders: readonly bigint[], wanted: number): bigint =>
  orders.slice(wanted).reduce((sum, blocks, above) => sum + blocks * 2n ** BigInt(above), 0n)

const readiness = (orders: readonly bigint[], basePage: Bytes | undefined, size: PageSize) => {
  if (basePage === undefined) return { gigantic: false }
  const wanted = orderOf(size, basePage)
  return wanted >= orders.length
    ? { gigantic: true }
    : { gigantic: false, ready: readyPages(orders, wanted) }
}

const freeMemory = (tree: Tree, node: NodeId, nodes: number): Bytes => {
  const path = `/sys/devices/system/node/node${node}/meminfo`
  const ofNode = readMeminfo(tree, path).get('MemFree')
  return (nodes > 1 ? ofNode : undefined) ?? readMeminfo(tree).get('MemFree') ?? 0n
}

/**
 * What the kernel shows about why pages of `size` fell short, for the nodes in `only` or for all.
 */
export const readShortage = (
  tree: Tree,
  size: PageSize,
  only?: readonly NodeId[],
): readonly Shortage[] => {
  const blocks = parseBuddyinfo(readIfPresent(tree, '/proc/buddyinfo') ?? '')
  const basePage = readBasePage(tree)
  return [...blocks]
    .filter(([node]) => only === undefined || only.includes(node))
    .map(([node, orders]) => ({
      node,
      free: freeMemory(tree, node, blocks.size),
      ...readiness(orders, basePage, size),
    }))
}
