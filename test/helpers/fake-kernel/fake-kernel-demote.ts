import { systemError } from './fake-kernel-errors.ts'
import { parseMemory, unsigned } from './fake-kernel-numbers.ts'
import { visit } from './fake-kernel-pages.ts'
import {
  countsOn,
  type KernelState,
  memoryNodes,
  type PoolState,
  poolOf,
  since,
  sum,
} from './fake-kernel-state.ts'

/** Splits free pages of one node. */
const split = (pool: PoolState, target: PoolState, node: number, pages: bigint): void => {
  const parts = pages * (pool.size / target.size)
  const from = countsOn(pool, node)
  const to = countsOn(target, node)
  from.total -= pages
  from.free -= pages
  to.total += parts
  to.free += parts
  pool.max -= pages
  target.max += parts
}

/** demote_pool_huge_page: one page at a time until the bulk version, then all that is asked for. */
const demoteSome = (
  pool: PoolState,
  target: PoolState,
  allowed: readonly number[],
  most: bigint,
): bigint => {
  let left = most
  visit(pool, 'free', allowed, (node) => {
    const { free } = countsOn(pool, node)
    const pages = free < left ? free : left
    split(pool, target, node, pages)
    left -= pages
    return left === 0n
  })
  if (left === most) throw systemError('EBUSY', 'write')
  return most - left
}

/**
 * demote_store (mm/hugetlb.c). What is available is tested unsigned and only against zero, also
 * when a node's free pages are set against the reservations of the whole machine.
 */
export const demotePool = (
  state: KernelState,
  pool: PoolState,
  pages: bigint,
  node?: number,
): void => {
  const target = poolOf(state, pool.demoteSize ?? 0n)
  const allowed = node === undefined ? memoryNodes(state) : [node]
  const bulk = since(state, '6.12')
  let left = pages
  while (left > 0n) {
    const free = node === undefined ? sum(pool, 'free') : countsOn(pool, node).free
    if (unsigned(free - pool.reserved) === 0n) return
    left -= demoteSome(pool, target, allowed, bulk ? left : 1n)
  }
}

/** demote_size_store: any known size from the architecture's default up to below the pool's own. */
export const setDemoteSize = (state: KernelState, pool: PoolState, text: string): void => {
  const size = parseMemory(text)
  const known = state.pools.some((one) => one.size === size)
  if (!known || size < state.smallestDemoteSize || size >= pool.size)
    throw systemError('EINVAL', 'write')
  pool.demoteSize = size
}
