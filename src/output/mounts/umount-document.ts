import { livesOn, type UmountChange } from '../../model/mounts/umount-change.ts'
import { holderDocument } from '../../model/mounts/umount-holder.ts'
import type { Pool } from '../../model/pools/machine.ts'
import { poolsDocument } from '../pools/pool-document.ts'
import type { UnmountedDocument } from '../schemas/documents.ts'
import { mountDocument } from './mount-document.ts'

export const umountDocument = (change: UmountChange, pools: readonly Pool[]): UnmountedDocument => {
  const { mount, lazy, files, keepers, elsewhere, returned } = change
  return {
    outcome: 'done',
    mounts: [mountDocument(mount)],
    pools: poolsDocument(pools),
    returned: returned && { ...returned },
    dropped: files && !livesOn(change) ? { ...files } : undefined,
    kept: lazy ? keepers.found.map(holderDocument(mount.pageSize)) : undefined,
    elsewhere:
      elsewhere.length > 0
        ? elsewhere.map(({ target, process }) => ({ target, pid: process?.pid }))
        : undefined,
  }
}
