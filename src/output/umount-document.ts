import type { Pool } from '../model/machine.ts'
import type { Holder } from '../model/umount-holder.ts'
import { livesOn, type Unmounted } from '../model/umount-report.ts'
import type { Json } from './json.ts'
import { mountDocument } from './mount-document.ts'
import { poolsDocument } from './pool-document.ts'

const keptDocument =
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
    kept: lazy ? keepers.found.map(keptDocument(mount.pageSize)) : undefined,
    elsewhere:
      elsewhere.length > 0
        ? elsewhere.map(({ target, process }) => ({ target, pid: process?.pid }))
        : undefined,
  }
}
