import { HugepoolError } from '../../errors.ts'
import { type DemoteSizeStep, planDemoteSize } from '../pools/demote-size-plan.ts'
import type { Machine } from '../pools/machine.ts'
import { formatSize } from '../words/page-size.ts'
import { type ConfigItem, refusalKeys } from './config-item.ts'
import type { ConfiguredPool } from './configuration.ts'
import { poolKey } from './configured-assignments.ts'

/**
 * A demote size of a configuration, and the step that sets it; absent where it is so already or
 * cannot be set.
 */
export interface DemoteSizeItem {
  readonly item: ConfigItem
  readonly step?: DemoteSizeStep
}

const demoteSizeItem = (
  machine: Machine,
  { size, essential, optional, demoteSize: to = size }: ConfiguredPool,
): DemoteSizeItem => {
  const named = {
    attribute: 'demote-size',
    size,
    key: poolKey(size, 'demote-size'),
    wanted: { bytes: to },
    essential,
  } as const
  try {
    const step = planDemoteSize(machine, size, to)
    const { before, requested } = step
    const found = { bytes: before }
    if (before === requested) return { item: { ...named, found, state: 'ok' } }
    const why = `they are split into ${formatSize(before)}`
    return { item: { ...named, found, state: 'drift', why, planned: true }, step }
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    if (optional && error.reason === 'no-size')
      return { item: { ...named, state: 'ok', why: `optional: ${error.message}` } }
    return { item: { ...named, ...refusalKeys(error), lacks: true } }
  }
}

/**
 * Compares the sizes that pools are to be split into with those that they have, and plans those
 * that differ.
 */
export const demoteSizeItems = (
  machine: Machine,
  configured: readonly ConfiguredPool[],
): readonly DemoteSizeItem[] =>
  configured.flatMap((pool) =>
    pool.demoteSize === undefined ? [] : [demoteSizeItem(machine, pool)],
  )
