import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import { sum } from '../words/sum.ts'
import { type BootMachine, type BootNode, nodesWithMemory } from './boot-machine.ts'

/** The pages of one size, by node. */
export type PagesByNode = ReadonlyMap<NodeId, Pages>

/** The pages that were taken so far. */
export type BootPages = ReadonlyMap<PageSize, PagesByNode>

export const pagesOnAll = (pages: PagesByNode | undefined): Pages => sum(pages?.values() ?? [])

/** Counts the pages of a size that a node still has room for. */
const roomOf = (taken: BootPages, { node, memory, fits }: BootNode, size: PageSize): Pages => {
  const used = sum([...taken].map(([each, nodes]) => each * (nodes.get(node) ?? 0n)))
  const own = taken.get(size)?.get(node) ?? 0n
  const byMemory = atLeastNone(memory - used) / size
  const known = fits?.get(size)
  return known === undefined ? byMemory : fewer(byMemory, atLeastNone(known - own))
}

const withPages = (taken: BootPages, size: PageSize, node: NodeId, pages: Pages): BootPages => {
  const byNode = taken.get(size) ?? new Map<NodeId, Pages>()
  return new Map(taken).set(size, new Map(byNode).set(node, (byNode.get(node) ?? 0n) + pages))
}

/** Takes pages from one node, and from others in place of it where `exact` is false. */
export const takeFrom = (
  machine: BootMachine,
  taken: BootPages,
  {
    size,
    node,
    count,
    exact,
  }: {
    readonly size: PageSize
    readonly node: NodeId
    readonly count: Pages
    readonly exact: boolean
  },
): BootPages => {
  const own = machine.nodes.filter((one) => one.node === node)
  // The kernel searches memory from its end, so that the last of the other nodes comes first.
  const others = exact
    ? []
    : nodesWithMemory(machine)
        .filter((one) => one.node !== node)
        .reverse()
  let left = count
  let pages = taken
  for (const one of [...own, ...others]) {
    const got = fewer(left, roomOf(pages, one, size))
    if (got > 0n) pages = withPages(pages, size, one.node, got)
    left -= got
  }
  return pages
}

/** Takes pages from all nodes in turn. The node at `first` begins, modulo the number of nodes. */
export const takeInTurn = (
  machine: BootMachine,
  taken: BootPages,
  {
    size,
    count,
    first = 0n,
  }: {
    readonly size: PageSize
    readonly count: Pages
    readonly first?: Pages
  },
): BootPages => {
  const all = nodesWithMemory(machine)
  if (all.length === 0) return taken
  const at = Number(first % BigInt(all.length))
  const turns = [...all.slice(at), ...all.slice(0, at)]
  let left = count
  let pages = taken
  for (;;) {
    const rooms = turns.map((one) => roomOf(pages, one, size))
    const open = rooms.filter((room) => room > 0n)
    if (left <= 0n || open.length === 0) return pages
    // Whole rounds are taken in one step, so that a large count takes no time. The rest goes page
    // by page.
    const rounds = [...open, left / BigInt(open.length)].reduce(fewer)
    for (const [at, one] of turns.entries()) {
      const share = fewer(rounds > 0n ? rounds : 1n, left)
      const got = fewer(share, rooms[at] ?? 0n)
      if (got > 0n) pages = withPages(pages, size, one.node, got)
      left -= got
    }
  }
}

/** Gives back pages of all nodes in turn until so many are left. */
export const keepInTurn = (taken: BootPages, size: PageSize, count: Pages): BootPages => {
  const nodes = new Map(taken.get(size))
  let more = pagesOnAll(nodes) - count
  while (more > 0n) {
    const open = [...nodes].filter(([, pages]) => pages > 0n)
    // Whole rounds go in one step, so that a large count takes no time. The rest goes page by page.
    const rounds = [...open.map(([, pages]) => pages), more / BigInt(open.length)].reduce(fewer)
    for (const [node, pages] of open) {
      const gone = fewer(rounds > 0n ? rounds : 1n, more)
      nodes.set(node, pages - gone)
      more -= gone
    }
  }
  return new Map(taken).set(size, nodes)
}

/**
 * Cuts a count into pieces for threads as the kernel does (padata_do_multithreaded in
 * kernel/padata.c).
 */
export const piecesOf = (count: Pages, threads: bigint): readonly Pages[] => {
  const least = count / threads
  const wanted = count / (least > 1n ? least : 1n)
  const works = [wanted > 1n ? wanted : 1n, threads].reduce(fewer)
  // The kernel has the number of pages as an int (hugetlb_pages_alloc_boot_node of mm/hugetlb.c).
  if (works <= 1n) return [BigInt.asIntN(32, count)]
  const share = count / (works * 4n)
  const piece = [share, least, 1n].reduce((a, b) => (a > b ? a : b))
  const whole = Array.from({ length: Number(count / piece) }, () => piece)
  return count % piece > 0n ? [...whole, count % piece] : whole
}
