import { type BigIntStats, lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathPrefix } from '../../../model/etc/path-parts.ts'
import type { FileStatus } from '../../../model/processes/who/found-pages.ts'
import { roundedPages } from '../../../model/words/count.ts'
import type { PageSize } from '../../../model/words/page-size.ts'
import { present } from '../../../model/words/present.ts'
import { heldBytes } from '../../stat-blocks.ts'
import { type PathBelow, pathsBelow } from './paths-below.ts'
import { looked } from './quick-read.ts'
import { addFile, type Scan } from './scan-state.ts'

/** A hugetlbfs, or a part of one, whose files are looked at. */
export interface WalkedMount {
  /** The path of the directory, as people know it. */
  readonly shown: string
  /** The device, in the form of /proc/PID/maps: `00:1f`. */
  readonly device: string
  readonly size: PageSize
  /** Whether nothing leads to the files any more when the scan is over. */
  readonly isPassing?: boolean
}

type Marks = Pick<FileStatus, 'reach' | 'isMount' | 'isNoText'>

const statusOf = (stat: BigIntStats, size: PageSize, marks: Marks): FileStatus => {
  const touched = [stat.atimeMs, stat.mtimeMs, stat.ctimeMs].map(Number)
  return present({
    ...marks,
    size: stat.size,
    pages: heldBytes(stat) / size,
    links: stat.nlink,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    mode: Number(stat.mode & 0o7777n),
    touched: Math.max(...touched),
  })
}

/** Notes a file; what is known of it already by a directory is not replaced. */
const noteFile = (
  { shown, device, size, isPassing = false }: WalkedMount,
  scan: Scan,
  stat: BigIntStats,
  { path, reach, ...marks }: Marks & { readonly path: string },
): void => {
  const key = `${device}:${stat.ino}`
  const before = scan.statuses.get(key)
  if (before === undefined || before.isMount)
    scan.statuses.set(key, statusOf(stat, size, { ...marks, reach: isPassing ? '' : reach }))
  addFile(scan, {
    key,
    size,
    path,
    pages: heldBytes(stat) / size,
    length: roundedPages(stat.size, size, 'up'),
    isNamed: true,
    ...(!isPassing && { reach }),
    target: shown,
    uid: Number(stat.uid),
  })
}

const textMarks = ({ file }: PathBelow): Pick<Marks, 'isNoText'> =>
  typeof file === 'string' ? {} : { isNoText: true }

/** Notes every file below a directory that leads to the root of a hugetlbfs, or to a part of it. */
export const walkFiles = (scan: Scan, directory: string, mount: WalkedMount): void => {
  const { shown, device, size } = mount
  const shownAs = (path: string): string =>
    `${pathPrefix(shown)}${path.slice(pathPrefix(directory).length)}` || '/'
  const noteUnread = (path: string): void => {
    scan.unread.set(`${device} ${path}`, { size, path: shownAs(path) })
  }
  for (const one of pathsBelow(directory, device, noteUnread)) {
    const seen = looked(() => lstatSync(one.file, { bigint: true }))
    if ('value' in seen) {
      const marks = { ...textMarks(one), path: shownAs(one.path), reach: one.path }
      if (seen.value.isFile()) noteFile(mount, scan, seen.value, marks)
    } else if (seen.denied !== undefined) noteUnread(dirname(one.path))
  }
}

/** Notes a file that is mounted by itself (mount --bind). */
export const noteMountedFile = (scan: Scan, path: string, mount: WalkedMount): void => {
  const seen = looked(() => lstatSync(path, { bigint: true }))
  if ('value' in seen && seen.value.isFile())
    noteFile(mount, scan, seen.value, { path: mount.shown, reach: path, isMount: true })
}
