import { constants } from 'node:fs'
import type { Octets } from '../../../model/etc/octets.ts'
import type { MountLine } from '../../../model/mounts/hugetlbfs-mount.ts'
import { parseHugetlbfsOptions } from '../../../model/mounts/hugetlbfs-options.ts'
import type { PageSize } from '../../../model/words/page-size.ts'
import { deviceOf } from '../../mounts/mount-device.ts'
import { mountinfoPath, parseMountinfoLines } from '../../mounts/mountinfo.ts'
import { readMeminfo } from '../../pools/meminfo.ts'
import { readIfReadable } from '../../read-attribute.ts'
import { isLive } from '../../tree.ts'
import { hexDevice } from './huge-devices.ts'
import type { Scan } from './scan-state.ts'
import { statusAsKnown } from './status-as-known.ts'
import { noteMountedFile, walkFiles } from './walk-files.ts'

/** A hugetlbfs in one mount namespace. */
interface MountedHuge {
  readonly line: MountLine
  /** The device, in the form of /proc/PID/maps: `00:1f`. */
  readonly device: string
  readonly size: PageSize
  readonly minimum: bigint
  /** The path of the root of the namespace; empty for that of this process. */
  readonly root: string
  /** Whether `root` leads there no longer than the scan takes. */
  readonly isPassing?: boolean
}

/** A namespace stays while its file is mounted: the root of such a mount is `mnt:[4026532200]`. */
const noteKept = ({ kept }: Scan, lines: readonly MountLine[], root: string): void => {
  for (const { type, root: name, target } of lines)
    if (type === 'nsfs' && !kept.has(name)) kept.set(name, `${root}${target}`)
}

const mountedIn = (
  scan: Scan,
  lines: readonly MountLine[],
  root: string,
): readonly MountedHuge[] => {
  noteKept(scan, lines, root)
  const hugetlbfs = lines.filter(({ type }) => type === 'hugetlbfs')
  if (hugetlbfs.length === 0) return []
  const defaultSize = readMeminfo(scan.tree).get('Hugepagesize')
  return hugetlbfs.flatMap((line) => {
    const { pageSize: size, minSize: minimum = 0n } = parseHugetlbfsOptions(
      line.options,
      defaultSize,
    )
    const device = deviceOf(line.device).hex
    return size === undefined ? [] : [{ line, device, size, minimum, root }]
  })
}

/** Looks at the files of a mount. False where something else lies on its path, which hides the mount. */
const walkMount = (scan: Scan, mount: MountedHuge): boolean => {
  const { line, device, size, root, isPassing = false } = mount
  const path = `${root}${line.target}`
  const found = statusAsKnown(scan, path)
  if (found === undefined || hexDevice(found.dev) !== device) return false
  const walked = { shown: line.target, device, size, isPassing }
  const isDirectory = (Number(found.mode) & constants.S_IFMT) === constants.S_IFDIR
  if (isDirectory) walkFiles(scan, path, walked)
  else noteMountedFile(scan, path, walked)
  return true
}

const scanAll = (scan: Scan, mounts: readonly MountedHuge[]): void => {
  // A part of a file system that is mounted somewhere comes after its root.
  const sorted = mounts.toSorted(
    (a, b) => Number(a.line.root !== '/') - Number(b.line.root !== '/'),
  )
  for (const mount of sorted) {
    const { line, device, size, minimum, root } = mount
    scan.targets.add(line.target)
    scan.devices.learn(device, size)
    if (!scan.mounts.some((one) => one.device === device))
      scan.mounts.push({
        device,
        size,
        target: line.target,
        minimum: minimum / size,
        ...(root !== '' && { isElsewhere: true }),
      })
    if (scan.walked.has(device)) continue
    const isWalked = isLive(scan.tree) && walkMount(scan, mount)
    // A part of a file system does not show the rest, which may be mounted elsewhere.
    if (isWalked && line.root === '/') {
      scan.walked.add(device)
      scan.unread.delete(device)
    } else scan.unread.set(device, { size, path: line.target })
  }
}

/** Looks at the mounts of this mount namespace and at their files. */
export const scanOwnMounts = (scan: Scan): void => {
  const text = readIfReadable(scan.tree, mountinfoPath)
  if (text !== undefined) scanAll(scan, mountedIn(scan, parseMountinfoLines(text).lines, ''))
}

/** The hugetlbfs among lines of mountinfo that were mounted over another mount. */
const coveringIn = (lines: readonly MountLine[]): readonly MountLine[] =>
  lines.filter(
    ({ type, parent, target }) =>
      type === 'hugetlbfs' && lines.some((line) => line.id === parent && line.target === target),
  )

/**
 * Looks at the mounts, and their files, of every other mount namespace in which a process can be seen.
 * Notes the mounts of all namespaces that hide another mount.
 */
export const scanOtherMounts = (scan: Scan): void => {
  const namespaces = scan.namespaces()
  for (const { device } of namespaces.flatMap(({ lines }) => coveringIn(lines)))
    scan.covering.add(deviceOf(device).hex)
  const others = namespaces.filter(({ process }) => process !== undefined)
  const mounts = others.flatMap(({ lines, process }) =>
    mountedIn(scan, lines, `${scan.proc}/${process?.pid}/root`),
  )
  scanAll(scan, mounts)
}

/**
 * Looks at the mounts, and their files, that a text of mountinfo shows. `root` leads to the root of
 * that namespace only until this returns.
 */
export const scanPassingMounts = (scan: Scan, table: Octets, root: string): void => {
  const mounts = mountedIn(scan, parseMountinfoLines(table).lines, root)
  scanAll(
    scan,
    mounts.map((mount) => ({ ...mount, isPassing: true })),
  )
}
