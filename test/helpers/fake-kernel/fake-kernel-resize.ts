import { unsigned } from './fake-kernel-numbers.ts'
import { allocate, removeFree, visit } from './fake-kernel-pages.ts'
import {
  countsOn,
  type KernelState,
  type PoolState,
  persistent,
  since,
  sum,
} from './fake-kernel-state.ts'

export interface Resize {
  /** The number as written. */
  readonly count: bigint
  /** The node of a node file. */
  readonly node?: number
  /** The nodes that may change. */
  readonly allowed: readonly number[]
  /** The test lets the write allocate no more than this. */
  readonly mostNew?: bigint | undefined
}

const mostPages = 2n ** 64n - 1n

/** The target of the whole machine. Before 6.8 a node's difference was taken with surplus in it. */
const globalTarget = (state: KernelState, pool: PoolState, { count, node }: Resize): bigint => {
  if (node === undefined) return count
  const { total, surplus } = countsOn(pool, node)
  const elsewhere = since(state, '6.8')
    ? persistent(pool) - (total - surplus)
    : sum(pool, 'total') - total
  const target = count + elsewhere
  return target > mostPages ? mostPages : target
}

/** adjust_pool_surplus: one page changes its name. */
const adjustSurplus = (pool: PoolState, allowed: readonly number[], by: 1n | -1n): boolean => {
  const serves = (id: number): boolean => {
    const { total, surplus } = countsOn(pool, id)
    return by < 0n ? surplus > 0n : surplus < total
  }
  const node = visit(pool, by < 0n ? 'alloc' : 'free', allowed, serves)
  if (node === undefined) return false
  countsOn(pool, node).surplus += by
  return true
}

const grow = (state: KernelState, pool: PoolState, target: bigint, resize: Resize): void => {
  let missing = target - persistent(pool)
  while (missing > 0n && adjustSurplus(pool, resize.allowed, -1n)) missing -= 1n
  let left = resize.mostNew ?? missing
  const serves = (node: number): boolean => allocate(state, pool, node)
  while (missing > 0n && left > 0n && visit(pool, 'alloc', resize.allowed, serves) !== undefined) {
    missing -= 1n
    left -= 1n
  }
}

const shrink = (state: KernelState, pool: PoolState, target: bigint, resize: Resize): void => {
  // Before 6.16 surplus in use counts as well, so that free pages of other nodes become surplus.
  const has = since(state, '6.16') ? persistent(pool) : sum(pool, 'total')
  const needed = unsigned(pool.reserved + has - sum(pool, 'free'))
  const keep = target > needed ? target : needed
  let kept = persistent(pool)
  while (kept > keep && removeFree(state, pool, resize.allowed, false)) kept -= 1n
  while (kept > target && adjustSurplus(pool, resize.allowed, 1n)) kept -= 1n
}

/** set_max_huge_pages (mm/hugetlb.c). Getting only some of the pages, or none, is success. */
export const resizePool = (state: KernelState, pool: PoolState, resize: Resize): void => {
  const target = globalTarget(state, pool, resize)
  if (target > persistent(pool)) grow(state, pool, target, resize)
  else shrink(state, pool, target, resize)
  pool.max = persistent(pool)
}
