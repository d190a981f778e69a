import type { ShownMount } from '../../model/mounts/hugetlbfs-mount.ts'
import { mountBar } from '../../model/mounts/mount-bar.ts'
import { barColumn, bytesCell, type Column, column, onRequest } from '../columns.ts'

export const mountColumns: readonly Column<ShownMount>[] = [
  column('TARGET', 'directory it is mounted on', ({ target }) => target, 'left'),
  column('PAGE-SIZE', 'size of its pages', ({ pageSize }) => bytesCell(pageSize)),
  column('SIZE', 'bytes its files may take', ({ size }) => bytesCell(size)),
  column('MIN-SIZE', 'bytes reserved for its files', ({ minSize }) => bytesCell(minSize)),
  column('USED', 'bytes used, with a SIZE those reserved too', ({ used }) => bytesCell(used)),
  column('FREE', 'bytes of SIZE that are left', ({ free }) => bytesCell(free)),
  onRequest(column('INODES', 'files and directories there may be', ({ inodes }) => inodes)),
  onRequest(column('FILES', 'files in it', ({ files }) => files)),
  // Limits and ids may have ten digits, which no line of 80 columns has room for.
  onRequest(column('UID', 'owner it was mounted with', ({ uid }) => uid)),
  onRequest(column('GID', 'group it was mounted with', ({ gid }) => gid)),
  onRequest(column('MODE', 'mode it was mounted with', ({ mode }) => mode, 'left')),
  onRequest(
    column('OPTIONS', 'all options, as the kernel writes them', ({ options }) => options, 'left'),
  ),
  // `mounts` names hidden mounts in sentences on stderr anyway.
  onRequest(
    column('HIDDEN', 'whether another mount lies on the path', ({ hidden }) => hidden, 'left'),
  ),
  barColumn('USE', 'a bar: used, guaranteed, what the limit leaves', mountBar),
]
