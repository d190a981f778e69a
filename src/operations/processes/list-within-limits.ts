import { isMaybeLimited } from '../../kernel/processes/maybe-limited.ts'
import { shownAvailable } from '../../model/pools/shown-pool.ts'
import type { SizeWord } from '../../model/words/page-size.ts'
import { listPools, type PoolList } from '../pools/list-pools.ts'
import type { Ports } from '../ports.ts'

/**
 * Lists pools like `listPools`, and notes the limits of this process's cgroups that leave less than
 * is available.
 */
export const listWithinLimits = async (
  ports: Ports,
  sizes: readonly SizeWord[],
  perNode: boolean,
): Promise<PoolList> => {
  const list = await listPools(ports, sizes, perNode)
  const available = list.pools.filter((pool) => (shownAvailable(pool) ?? 0n) > 0n)
  const seen = available.map(({ size }) => size)
  if (seen.length === 0 || !isMaybeLimited(ports.tree, seen)) return list
  const { tightLimitNotes } = await import('./tight-limit-notes.ts')
  return { ...list, notes: [...list.notes, ...tightLimitNotes(ports.tree, available)] }
}
