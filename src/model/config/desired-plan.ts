import type { DemoteSizeStep } from '../pools/demote-size-plan.ts'
import type { Machine } from '../pools/machine.ts'
import type { PoolPlan } from '../pools/pool-plan.ts'
import { poolsAfterPlan } from '../pools/pools-after-plan.ts'
import { bootItems, type KernelLineFacts } from './boot-items.ts'
import type { ConfigItem } from './config-item.ts'
import type { Configuration } from './configuration.ts'
import { demoteSizeItems } from './demote-size-items.ts'
import { type GroupStep, groupItem, type KnownGroup } from './group-step.ts'
import { type JudgedMount, type KnownMount, mountItem, poolsAfterMount } from './mount-items.ts'
import { poolItems } from './pool-items.ts'

/** A snapshot of all that a configuration can be about, and the plans of its pools. */
export interface DesiredFacts {
  readonly machine: Machine
  /** The plan of `resize` for the pages of the configuration, and that of `overcommit`. */
  readonly pages: PoolPlan
  readonly overcommit: PoolPlan
  /** The mounts of the configuration, in its order. */
  readonly mounts: readonly KnownMount[]
  /** The group of SysV segments; absent where the configuration names none. */
  readonly group?: KnownGroup
  /** The kernel command line; absent where the configuration wants nothing of it. */
  readonly kernelLine?: KernelLineFacts
}

/**
 * What would be done so that a machine is as its configuration wants it, in the order of execution:
 * pages, demote sizes, mounts, settings, overcommit. Where nothing is left to do and nothing is in
 * the way, all items are as wanted.
 */
export interface DesiredPlan {
  readonly pages: PoolPlan
  readonly demoteSizes: readonly DemoteSizeStep[]
  readonly mounts: readonly JudgedMount[]
  readonly group?: GroupStep
  readonly overcommit: PoolPlan
  /** Everything that the configuration wants, compared with what there is. */
  readonly items: readonly ConfigItem[]
}

/**
 * Plans the mounts one after the other, because the minimum size of each takes pages that the next
 * does not get.
 */
const mountItems = (
  { mounts }: Configuration,
  { machine, pages, mounts: known }: DesiredFacts,
): readonly JudgedMount[] => {
  let pools = poolsAfterPlan(machine.pools, pages)
  return mounts.flatMap((mount, index) => {
    const found = known[index]
    if (found === undefined) return []
    const item = mountItem(mount, found, pools)
    pools = poolsAfterMount(pools, item)
    return [item]
  })
}

/** Plans everything that a configuration wants of the machine of a snapshot. */
export const planDesired = (configuration: Configuration, facts: DesiredFacts): DesiredPlan => {
  const { pools, tune } = configuration
  const { machine, pages, overcommit, group, kernelLine } = facts
  const demoteSizes = demoteSizeItems(machine, pools)
  const mounts = mountItems(configuration, facts)
  const groupItems =
    tune.shmGroup === undefined || group === undefined ? [] : [groupItem(tune.shmGroup, group)]
  const differs = group !== undefined && 'path' in group && group.before !== group.requested
  return {
    pages,
    demoteSizes: demoteSizes.flatMap(({ step }) => step ?? []),
    mounts,
    ...(differs && { group }),
    overcommit,
    items: [
      ...poolItems(machine, pools, 'persistent', pages),
      ...demoteSizes.map(({ item }) => item),
      ...mounts.map(({ item }) => item),
      ...groupItems,
      ...poolItems(machine, pools, 'overcommit', overcommit),
      ...(kernelLine === undefined ? [] : bootItems(configuration, kernelLine)),
    ],
  }
}
