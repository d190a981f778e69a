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
}

/** A process with one anonymous mapping. */
export interface Mapping {
  /** Faults in so many further pages. Throws SIGBUS, of which the process dies. */
  touch(pages: bigint): void
  /** Ends the process. */
  unmap(): void
}

/** alloc_surplus_hugetlb_folio: on the first node that can give; undefined past overcommit. */
const allocateSurplus = (state: KernelState, pool: PoolState): number | undefined => {
  if (sum(pool, 'surplus') >= pool.overcommit) return undefined
  const node = memoryNodes(state).find((id) => takeMemory(state, pool, id))
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

/** hugetlb_acct_memory: what is not free is allocated as surplus at once, or nothing is. */
const reserve = (state: KernelState, pool: PoolState, pages: bigint): void => {
  const needed = pool.reserved + pages - sum(pool, 'free')
  const gathered: number[] = []
  while (BigInt(gathered.length) < needed) {
    const node = allocateSurplus(state, pool)
    if (node === undefined) {
      for (const taken of gathered) release(state, pool, taken)
      throw systemError('ENOMEM', 'mmap')
    }
    gathered.push(node)
  }
  for (const node of gathered) countsOn(pool, node).free += 1n
  pool.reserved += pages
}

/** alloc_hugetlb_folio: the node of the page, or undefined for SIGBUS. */
const fault = (state: KernelState, pool: PoolState, reserved: boolean): number | undefined => {
  const available = unsigned(sum(pool, 'free') - pool.reserved) !== 0n
  const [free] = [...pool.nodes].find(([, counts]) => counts.free > 0n) ?? []
  const takesFree = free !== undefined && (reserved || available)
  const node = takesFree ? free : allocateSurplus(state, pool)
  if (node === undefined) return undefined
  if (takesFree) countsOn(pool, node).free -= 1n
  if (reserved) pool.reserved -= 1n
  return node
}

export const mapPages = (
  state: KernelState,
  pool: PoolState,
  pages: bigint,
  { noreserve = false }: MapOptions = {},
): Mapping => {
  if (!noreserve) reserve(state, pool, pages)
  const touched: number[] = []
  let mapped = true
  const unmap = (): void => {
    if (!mapped) return
    mapped = false
    for (const node of touched) release(state, pool, node)
    if (!noreserve) unreserve(state, pool, pages - BigInt(touched.length))
  }
  const touch = (more: bigint): void => {
    if (!mapped || BigInt(touched.length) + more > pages)
      throw new Error('a test touches pages that it has not mapped')
    for (let left = more; left > 0n; left -= 1n) {
      const node = fault(state, pool, !noreserve)
      if (node === undefined) {
        unmap()
        throw busError()
      }
      touched.push(node)
    }
  }
  return { touch, unmap }
}
