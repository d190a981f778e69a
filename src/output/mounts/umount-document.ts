import type { FatedMount } from '../../model/mounts/propagation.ts'
import { livesOn, type OtherMount, type UmountChange } from '../../model/mounts/umount-change.ts'
import {
  expectedReturn,
  fileSystemFate,
  type UmountForecast,
} from '../../model/mounts/umount-forecast.ts'
import { holderDocument, unexaminedDocument } from '../../model/mounts/umount-holder.ts'
import type { Pool } from '../../model/pools/machine.ts'
import { poolsDocument } from '../pools/pool-document.ts'
import type { UmountForecastDocument, UnmountedDocument } from '../schemas/documents.ts'
import { mountDocument } from './mount-document.ts'

const elsewhereDocument = (elsewhere: readonly OtherMount[]) =>
  elsewhere.length > 0
    ? elsewhere.map(({ target, process }) => ({ target, pid: process?.pid }))
    : undefined

const fatesDocument = (elsewhere: readonly FatedMount[]) =>
  elsewhere.length > 0
    ? elsewhere.map(({ target, process, fate }) => ({ target, pid: process?.pid, fate }))
    : undefined

export const umountDocument = (change: UmountChange, pools: readonly Pool[]): UnmountedDocument => {
  const { mount, lazy, files, keepers, elsewhere, returned } = change
  return {
    outcome: 'done',
    mounts: [mountDocument(mount)],
    pools: poolsDocument(pools),
    returned: returned && { ...returned },
    dropped: files && !livesOn(change) ? { ...files } : undefined,
    kept: lazy ? keepers.found.map(holderDocument(mount.pageSize)) : undefined,
    ...(lazy ? unexaminedDocument(keepers) : {}),
    elsewhere: elsewhereDocument(elsewhere),
  }
}

/** Returns what a dry run says beside its commands. */
export const forecastDocument = (
  forecast: UmountForecast | undefined,
): Omit<UmountForecastDocument, 'dryRun' | 'commands'> => {
  if (forecast === undefined) return { mounts: [] }
  const { mount, holders, elsewhere } = forecast
  const fate = fileSystemFate(forecast)
  const files = forecast.files && { ...forecast.files }
  const expected = expectedReturn(forecast)
  return {
    mounts: [mountDocument(mount)],
    fate,
    dropped: fate === 'destroyed' ? files : undefined,
    mayDrop: fate === 'unknown' ? files : undefined,
    expected: expected && { ...expected },
    holders:
      holders.found.length > 0 ? holders.found.map(holderDocument(mount.pageSize)) : undefined,
    ...unexaminedDocument(holders),
    elsewhere: fatesDocument(elsewhere),
  }
}
