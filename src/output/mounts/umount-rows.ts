import { livesOn, type UmountChange } from '../../model/mounts/umount-change.ts'
import { processesOf } from '../../model/mounts/umount-holder.ts'
import { type Cell, type Column, column, onRequest } from '../columns.ts'

const filesGone = (change: UmountChange): Cell => (livesOn(change) ? 0 : change.files?.files)

export const umountColumns: readonly Column<UmountChange>[] = [
  column('TARGET', 'directory it was mounted on', ({ mount }) => mount.target, 'left'),
  column('PAGE-SIZE', 'size of its pages', ({ mount }) => ({ bytes: mount.pageSize })),
  column('FILES', 'files that went away with it', filesGone),
  column('PAGES', 'pages that are no longer in use', ({ returned }) => returned?.pages),
  column(
    'RESERVATIONS',
    'pages that are no longer reserved',
    ({ returned }) => returned?.reservations,
  ),
  column('HOLDERS', 'processes that keep it, after --lazy', ({ lazy, keepers }) =>
    lazy ? processesOf(keepers.found) : undefined,
  ),
  // A sentence on stderr says it where there are any.
  onRequest(
    column('LEFT-POOL', 'surplus pages that left the pool', ({ returned }) => returned?.leftPool),
  ),
]
