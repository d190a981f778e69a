import type { Holder } from '../../model/mounts/umount-holder.ts'
import { livesOn, type Unmounted } from '../../model/mounts/umount-report.ts'
import type { Pool } from '../../model/pools/machine.ts'
import type { Json } from '../json.ts'
import { poolsDocument } from '../pools/pool-document.ts'
import { mountDocument } from './mount-document.ts'

/** A process that holds a mount, with the pages of the file by which it does. */
export const holderDocument =
  (pageSize: bigint) =>
  ({ pid, command, holds, path, file }: Holder): Json => ({
    pid,
    command,
    holds,
    path,
    pages: file && file.bytes / pageSize,
  })

export const umountDocument = (result: Unmounted, pools: readonly Pool[]) => {
  const { mount, lazy, files, keepers, elsewhere, returned } = result
  return {
    outcome: 'done',
    mounts: [mountDocument(mount)],
    pools: poolsDocument(pools),
    returned: returned && { ...returned },
    dropped: files && !livesOn(result) ? { ...files } : undefined,
    kept: lazy ? keepers.found.map(holderDocument(mount.pageSize)) : undefined,
    elsewhere:
      elsewhere.length > 0
        ? elsewhere.map(({ target, process }) => ({ target, pid: process?.pid }))
        : undefined,
  }
}
