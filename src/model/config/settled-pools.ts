import { findPool, type Machine } from '../pools/machine.ts'
import { settingNow } from '../pools/pool-change.ts'
import type { PoolPlan } from '../pools/pool-plan.ts'
import type { PageSize } from '../words/page-size.ts'

/**
 * The sizes of pools that have the persistent pages that are planned, on every node. `resize` would
 * free what surplus nobody uses all the same, which a configuration does not ask for: it would be
 * something to do again and again.
 */
export const settledSizes = (
  machine: Pick<Machine, 'pools'>,
  { settings }: Pick<PoolPlan, 'settings'>,
): ReadonlySet<PageSize> => {
  const moving = settings.filter(
    (setting) =>
      settingNow(findPool(machine, setting.size), setting) !==
      (setting.planned ?? setting.requested),
  )
  const sizes = settings.map(({ size }) => size)
  return new Set(sizes.filter((size) => !moving.some((setting) => setting.size === size)))
}
