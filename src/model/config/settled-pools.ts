import { findPool, type Machine } from '../pools/machine.ts'
import { settingNow } from '../pools/pool-change.ts'
import type { PoolPlan } from '../pools/pool-plan.ts'
import type { PageSize } from '../words/page-size.ts'

/**
 * Finds the sizes of pools that have the planned persistent pages on every node. `resize` would
 * still free surplus pages that nobody uses. A configuration does not ask for that, and with it
 * there would be something to do at every call.
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
