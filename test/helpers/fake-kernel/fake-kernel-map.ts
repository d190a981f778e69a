import { busError, systemError } from './fake-kernel-errors.ts'
import { unsigned } from './fake-kernel-numbers.ts'
import { release, removeFree, takeMemory } from './fake-kernel-pages.ts'
import {
  countsOn,
  type KernelState,
  memoryNodes,
  type PoolState,
  sum,
} from './fake-kernel-state.ts'

export interface MapOptions {
  /** MAP_NORESERVE */
  readonly noreserve?: boolean
  /** MAP_SHARED; a lone user moves the counters as one of MAP_PRIVATE does. */
  readonly shared?: boolean
  /** MPOL_BIND of the thread that maps and touches. */
  readonly bind?: readonly number[]
  /** MAP_POPULATE: what does not come is not told. */
  readonly populate?: boolean
  /** A fault without a page is told and not died of, as MADV_POPULATE_WRITE does. */
  readonly survives?: boolean
}

/** A process with one anonymous mapping. */
export interface Mapping {
  /** Faults in so many further pages. Throws SIGBUS, of which the process dies. */
  touch(pages: bigint): void
  /** Ends the process. */
  unmap(): void
  /** The node of each page that was touched. */
  nodes(): readonly number[]
}

/** alloc_surplus_hugetlb_folio: on the first node that can give; undefined past overcommit. */
const allocateSurplus = (
  state: KernelState,
  pool: PoolState,
  nodes: readonly number[],
): number | undefined => {
  if (sum(pool, 'surplus') >= pool.overcommit) return undefined
  const node = nodes.find((id) => takeMemory(state, pool, id))
  if (node === undefined) return undefined
  const counts = countsOn(pool, node)
  counts.total += 1n
  counts.surplus += 1n
  return node
}

/** return_unused_surplus_pages */
const unreserve = (state: KernelState, pool: PoolState, pages: bigint): void => {
  pool.reserved -= pages
  let left = pages
  while (left > 0n && removeFree(state, pool, memoryNodes(state), true)) left -= 1n
}

/**
 * hugetlb_acct_memory: what is not free is allocated as surplus at once, or nothing is; from 5.9 on
 * the free pages of the allowed nodes have to be as many (allowed_mems_nr).
 */
const reserve = (
  state: KernelState,
  pool: PoolState,
  pages: bigint,
  nodes: readonly number[],
): void => {
  const needed = pool.reserved + pages - sum(pool, 'free')
  const gathered: number[] = []
  while (BigInt(gathered.length) < needed) {
    const node = allocateSurplus(state, pool, nodes)
    if (node === undefined) {
      for (const taken of gathered) release(state, pool, taken)
      throw systemError('ENOMEM', 'mmap')
    }
    gathered.push(node)
  }
  for (const node of gathered) countsOn(pool, node).free += 1n
  pool.reserved += pages
  if (nodes.reduce((free, node) => free + countsOn(pool, node).free, 0n) >= pages) return
  unreserve(state, pool, pages)
  throw systemError('ENOMEM', 'mmap')
}

/** alloc_hugetlb_folio: the node of the page, or undefined for SIGBUS. */
const fault = (
  state: KernelState,
  pool: PoolState,
  reserved: boolean,
  nodes: readonly number[],
): number | undefined => {
  const available = unsigned(sum(pool, 'free') - pool.reserved) !== 0n
  const [free] =
    [...pool.nodes].find(([id, counts]) => nodes.includes(id) && counts.free > 0n) ?? []
  const takesFree = free !== undefined && (reserved || available)
  const node = takesFree ? free : allocateSurplus(state, pool, nodes)
  if (node === undefined) return undefined
  if (takesFree) countsOn(pool, node).free -= 1n
  if (reserved) pool.reserved -= 1n
  return node
}

export const mapPages = (
  state: KernelState,
  pool: PoolState,
  pages: bigint,
  { noreserve = false, populate = false, bind, survives = false }: MapOptions = {},
): Mapping => {
  const nodes = bind ?? memoryNodes(state)
  if (!noreserve) reserve(state, pool, pages, nodes)
  const touched: number[] = []
  let mapped = true
  const unmap = (): void => {
    if (!mapped) return
    mapped = false
    for (const node of touched) release(state, pool, node)
    if (!noreserve) unreserve(state, pool, pages - BigInt(touched.length))
  }
  const faultIn = (): boolean => {
    const node = fault(state, pool, !noreserve, nodes)
    if (node !== undefined) touched.push(node)
    return node !== undefined
  }
  const touch = (more: bigint): void => {
    if (!mapped || BigInt(touched.length) + more > pages)
      throw new Error('a test touches pages that it has not mapped')
    for (let left = more; left > 0n; left -= 1n) {
      if (faultIn()) continue
      if (!survives) unmap()
      throw busError()
    }
  }
  for (let left = populate ? pages : 0n; left > 0n && faultIn(); left -= 1n);
  return { touch, unmap, nodes: () => touched }
}
