import { processesOf } from '../../model/mounts/umount-holder.ts'
import { livesOn, type Unmounted } from '../../model/mounts/umount-report.ts'
import { type Cell, type Column, column } from '../columns.ts'

const filesGone = (result: Unmounted): Cell => (livesOn(result) ? 0 : result.files?.files)

export const umountColumns: readonly Column<Unmounted>[] = [
  column('TARGET', 'directory it was mounted on', ({ mount }) => ({ path: mount.target }), 'left'),
  column('PAGE-SIZE', 'size of its pages', ({ mount }) => ({ bytes: mount.pageSize })),
  column('FILES', 'files that went away with it', filesGone),
  column('PAGES', 'pages that came back to the pool', ({ returned }) => returned?.pages),
  column('RESERVATIONS', 'reservations that did so', ({ returned }) => returned?.reservations),
  column('HOLDERS', 'processes that keep it, after --lazy', ({ lazy, keepers }) =>
    lazy ? processesOf(keepers.found) : undefined,
  ),
]
