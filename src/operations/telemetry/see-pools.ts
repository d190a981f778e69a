import type { PoolLook } from '../../model/telemetry/pool-look.ts'
import type { SizeWord } from '../../model/words/page-size.ts'
import { listPools } from '../pools/list-pools.ts'
import type { Ports } from '../ports.ts'

/** What a look is to see. Without sizes it sees all pools. */
export interface LookRequest {
  readonly sizes: readonly SizeWord[]
  readonly holders: boolean
}

const findHolders = async (ports: Ports, sizes: readonly SizeWord[]) => {
  const { findPageHolders } = await import('../processes/find-page-holders.ts')
  return findPageHolders(ports, { sizes, everything: false, attach: true })
}

/**
 * Looks at pools, at all their nodes, and at who holds their pages where that is asked for. Throws
 * E_UNSUPPORTED for a size without a pool, and where there is no HugeTLB.
 */
export const seePools = async (
  ports: Ports,
  { sizes, holders }: LookRequest,
): Promise<PoolLook> => {
  const at = ports.clock()
  const moment = ports.now()
  const { pools, nodes, words, notes, failure } = await listPools(ports, sizes, true)
  if (failure !== undefined) throw failure
  const seen = { at, moment, pools, nodes, remarks: [...words, ...notes] }
  if (!holders) return seen
  const who = await findHolders(ports, sizes)
  const remarks = [...seen.remarks, ...who.notes, ...who.errors.map(({ message }) => message)]
  return { ...seen, holds: who.holds, remarks: [...new Set(remarks)] }
}
