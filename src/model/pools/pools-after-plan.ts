import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import { type Counters, countersOf, type Pool } from './machine.ts'
import { settingNow } from './pool-change.ts'
import type { PoolPlan, RequestedSetting } from './pool-plan.ts'

const moved = <Part extends Counters>(counters: Part, pages: Pages): Part => ({
  ...counters,
  total: counters.total + pages,
  free: atLeastNone(counters.free + pages),
})

/**
 * Returns the pages that a setting adds, or takes as a negative number. It adds none for surplus
 * that becomes persistent, and takes none for pages in use, which stay as surplus.
 */
const gain = (pool: Pool, setting: RequestedSetting): Pages => {
  const { free, surplus } = countersOf(pool, setting.node)
  const change = (setting.planned ?? setting.requested) - settingNow(pool, setting)
  if (change > 0n) return atLeastNone(change - surplus)
  return -fewer(-change, free)
}

/**
 * Returns the pools as a plan of persistent pages would leave them, for what is planned after it.
 * Only their own counters are right, not those of their nodes, for it is not known on which nodes
 * the kernel puts pages.
 */
export const poolsAfterPlan = (
  pools: readonly Pool[],
  { settings }: Pick<PoolPlan, 'settings'>,
): readonly Pool[] =>
  pools.map((pool) => {
    const its = settings.filter(({ size }) => size === pool.size)
    const gained = its.reduce((sum, setting) => sum + gain(pool, setting), 0n)
    const change = its.reduce(
      (sum, one) => sum + (one.planned ?? one.requested) - settingNow(pool, one),
      0n,
    )
    const after = moved(pool, gained)
    return { ...after, surplus: atLeastNone(after.total - (pool.total - pool.surplus) - change) }
  })
