import { HugepoolError } from '../../errors.ts'
import { atLeastNone, type Pages } from '../words/count.ts'
import type { PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { type HeldCount, heldName, surplusLeft } from './held-notes.ts'
import type { Pool } from './machine.ts'
import type { PoolSetting } from './pool-plan.ts'

/** The pages that a request would leave as surplus, because something holds them. */
export interface HeldPages extends PoolSetting {
  readonly requested: Pages
  readonly surplus: Pages
  /** Those of them that overcommit does not allow: a program that ends cannot get them again. */
  readonly aboveOvercommit: Pages
}

/** Foretells the surplus that a request for persistent pages leaves. Returns nothing for none. */
export const heldPages = (one: HeldCount): readonly HeldPages[] => {
  const { pool, node, requested } = one
  const surplus = surplusLeft(one)
  if (surplus === 0n) return []
  const aboveOvercommit = atLeastNone(surplus - (pool.overcommit ?? 0n))
  const setting = { size: pool.size, node, attribute: 'persistent' as const }
  return [present({ ...setting, requested, surplus, aboveOvercommit })]
}

/** Foretells the surplus above a requested overcommit. Returns nothing where there is none. */
export const aboveOvercommit = (pool: Pool, requested: Pages): readonly HeldPages[] => {
  const { size, surplus } = pool
  const above = surplus - requested
  if (above <= 0n) return []
  return [{ size, attribute: 'overcommit', requested, surplus, aboveOvercommit: above }]
}

/** Says that a request cannot be done in full, because pages that are held stay. */
export const heldObstacles = (one: HeldCount): readonly string[] =>
  heldPages(one)
    .filter((held) => held.aboveOvercommit > 0n)
    .map(
      ({ surplus }) =>
        `${heldName(one, surplus)}, so it cannot shrink to ${(one.ofPolicy ?? one).requested}`,
    )

/** Returns the sizes with held pages that overcommit does not allow. */
export const heldSizesIn = (held: readonly HeldPages[]): readonly PageSize[] => [
  ...new Set(held.filter((each) => each.aboveOvercommit > 0n).map(({ size }) => size)),
]

/**
 * The error for a request that has to be done in full and cannot be. The caller looks for those who
 * hold pages of `sizes`.
 */
export class HeldError extends HugepoolError {
  readonly sizes: readonly PageSize[]

  constructor(obstacles: readonly string[], sizes: readonly PageSize[]) {
    super('E_REFUSED', 'busy', `${obstacles.join('; ')}; nothing was changed`)
    this.sizes = sizes
  }
}
