import { livesOn, type UmountChange } from '../../model/mounts/umount-change.ts'
import { processesOf } from '../../model/mounts/umount-holder.ts'
import { type Cell, type Column, column } from '../columns.ts'

const filesGone = (change: UmountChange): Cell => (livesOn(change) ? 0 : change.files?.files)

export const umountColumns: readonly Column<UmountChange>[] = [
  column('TARGET', 'directory it was mounted on', ({ mount }) => ({ path: mount.target }), 'left'),
  column('PAGE-SIZE', 'size of its pages', ({ mount }) => ({ bytes: mount.pageSize })),
  column('FILES', 'files that went away with it', filesGone),
  column('PAGES', 'pages that came back to the pool', ({ returned }) => returned?.pages),
  column('RESERVATIONS', 'reservations that did so', ({ returned }) => returned?.reservations),
  column('HOLDERS', 'processes that keep it, after --lazy', ({ lazy, keepers }) =>
    lazy ? processesOf(keepers.found) : undefined,
  ),
]
