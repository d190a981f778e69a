import { type Cursor, countsOn, type KernelState, type PoolState } from './fake-kernel-state.ts'

/**
 * for_each_node_mask_to_alloc and _to_free (mm/hugetlb.c): each allowed node once, from a cursor
 * that stays where the round ended. Gives the node that `serves`.
 */
export const visit = (
  pool: PoolState,
  cursor: Cursor,
  allowed: readonly number[],
  serves: (node: number) => boolean,
): number | undefined => {
  for (let left = allowed.length; left > 0; left -= 1) {
    const next = pool.cursors[cursor]
    const node = allowed.find((id) => id >= next) ?? allowed[0] ?? next
    pool.cursors[cursor] = allowed.find((id) => id > node) ?? allowed[0] ?? node
    if (serves(node)) return node
  }
  return undefined
}

/** Takes memory for one page; false where the node has none that is free and in one piece. */
export const takeMemory = (state: KernelState, pool: PoolState, id: number): boolean => {
  const node = state.nodes.find((one) => one.id === id)
  if (node === undefined || node.free - node.fragmented < pool.size) return false
  node.free -= pool.size
  return true
}

const giveMemory = (state: KernelState, pool: PoolState, id: number): void => {
  const node = state.nodes.find((one) => one.id === id)
  if (node !== undefined) node.free += pool.size
}

/** A free persistent page from the buddy allocator. Only pages of its sizes heed the cpuset. */
export const allocate = (state: KernelState, pool: PoolState, node: number): boolean => {
  if (!pool.gigantic && !state.memsAllowed.includes(node)) return false
  if (!takeMemory(state, pool, node)) return false
  const counts = countsOn(pool, node)
  counts.total += 1n
  counts.free += 1n
  return true
}

/** remove_pool_hugetlb_folio: one free page goes back to the buddy allocator. */
export const removeFree = (
  state: KernelState,
  pool: PoolState,
  allowed: readonly number[],
  asSurplus: boolean,
): boolean => {
  const serves = (node: number): boolean => {
    const { free, surplus } = countsOn(pool, node)
    return free > 0n && (!asSurplus || surplus > 0n)
  }
  const node = visit(pool, 'free', allowed, serves)
  if (node === undefined) return false
  const counts = countsOn(pool, node)
  counts.total -= 1n
  counts.free -= 1n
  if (asSurplus) counts.surplus -= 1n
  giveMemory(state, pool, node)
  return true
}

/** free_huge_folio: a page that was in use; surplus of its node goes back first. */
export const release = (state: KernelState, pool: PoolState, node: number): void => {
  const counts = countsOn(pool, node)
  if (counts.surplus === 0n) {
    counts.free += 1n
    return
  }
  counts.surplus -= 1n
  counts.total -= 1n
  giveMemory(state, pool, node)
}
