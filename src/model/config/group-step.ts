import type { HugepoolError } from '../../errors.ts'
import { type ConfigItem, refusalKeys } from './config-item.ts'
import { pathOfSetting } from './tune/tuned-settings.ts'

/**
 * The file with the number of the group whose members may make SysV segments of huge pages
 * (hugetlb_shm_group in fs/hugetlbfs/inode.c).
 */
export const shmGroupPath = pathOfSetting('shm-group')

/** The number of the group now and as it is asked for. */
export interface GroupStep {
  readonly path: string
  readonly before: bigint
  readonly requested: bigint
}

/** The step, or the error that keeps it from being known. */
export type KnownGroup = GroupStep | { readonly error: HugepoolError }

/** Compares the group with the one that is wanted, which `wanted` names as the file does. */
export const groupItem = (wanted: string, known: KnownGroup): ConfigItem => {
  const named = { attribute: 'shm-group', key: 'tune.shm-group', essential: true } as const
  if ('error' in known) return { ...named, wanted, ...refusalKeys(known.error) }
  const { before, requested } = known
  const values = { wanted: requested, found: before }
  if (before === requested) return { ...named, ...values, state: 'ok' }
  return { ...named, ...values, state: 'drift', why: 'is another group', planned: true }
}
