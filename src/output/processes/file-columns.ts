import { octalMode } from '../../model/etc/octal-mode.ts'
import { programWords } from '../../model/processes/files/file-program.ts'
import type { HugeFile } from '../../model/processes/files/huge-file.ts'
import { formatAge } from '../../model/words/age.ts'
import { type Column, column, onRequest } from '../columns.ts'

/** What the table shows of a file, and of a segment too. */
type Shown =
  | 'path'
  | 'pageSize'
  | 'size'
  | 'pages'
  | 'uid'
  | 'gid'
  | 'mode'
  | 'users'
  | 'state'
  | 'program'
  | 'nodes'
  | 'reserved'

/** A file or a segment, as the table of `files` shows it. */
export interface FileRow extends Pick<HugeFile, Shown> {
  /** Absent for a segment. */
  readonly mount?: string
  /** Milliseconds since somebody touched it. */
  readonly age: number
  /** With --clean: whether it was removed. */
  readonly removed: boolean
}

const pids = ({ users }: FileRow): string | undefined =>
  users.length === 0 ? undefined : users.map(({ pid }) => pid).join(',')

const nodeCell = (file: FileRow): string | undefined =>
  file.nodes?.map(({ node, pages }) => `${node}:${pages}`).join(',')

export const fileColumns: readonly Column<FileRow>[] = [
  column('SIZE', 'page size', ({ pageSize }) => ({ bytes: pageSize })),
  column('STATE', 'mapped, open, locked, left or unknown', ({ state }) => state, 'left'),
  column('PAGES', 'pages that it has', ({ pages }) => pages),
  onRequest(column('LENGTH', 'its size in bytes', ({ size }) => ({ bytes: size }))),
  onRequest(column('RESERVED', 'free pages promised to it', ({ reserved }) => reserved)),
  column('AGE', 'since it was last used', ({ age }) => formatAge(age)),
  column('USERS', 'processes that have it', pids, 'left'),
  column(
    'PROGRAM',
    'whose file it is, by its name',
    ({ program }) => program && programWords(program),
    'left',
  ),
  onRequest(column('NODES', 'its pages on each node, NODE:PAGES', nodeCell, 'left')),
  onRequest(column('UID', 'its owner', ({ uid }) => uid)),
  onRequest(column('GID', 'its group', ({ gid }) => gid)),
  onRequest(column('MODE', 'its mode', ({ mode }) => octalMode(mode), 'left')),
  onRequest(column('MOUNT', 'directory of its mount', ({ mount }) => mount, 'left')),
  onRequest(column('REMOVED', 'whether it was removed', ({ removed }) => removed, 'left')),
  column('PATH', 'its path, or number and key of a segment', ({ path }) => path, 'left'),
]
