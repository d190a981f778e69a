import { lstatSync } from 'node:fs'
import type { Octets } from '../../../model/etc/octets.ts'
import { pathPrefix } from '../../../model/etc/path-parts.ts'
import type { MountLine } from '../../../model/mounts/hugetlbfs-mount.ts'
import { parseHugetlbfsOptions } from '../../../model/mounts/hugetlbfs-options.ts'
import type { PageSize } from '../../../model/words/page-size.ts'
import { deviceOf, readNamespaces } from '../../mounts/mount-device.ts'
import { mountinfoPath, parseMountLines } from '../../mounts/mountinfo.ts'
import { readMeminfo } from '../../pools/meminfo.ts'
import { readIfReadable } from '../../read-attribute.ts'
import { heldBytes } from '../../stat-blocks.ts'
import { isLive } from '../../tree.ts'
import { hexDevice } from './huge-devices.ts'
import { pathsBelow } from './paths-below.ts'
import { ifShown } from './quick-read.ts'
import { addFile, type Scan } from './scan-state.ts'
import { statusAsKnown } from './status-as-known.ts'

/** A hugetlbfs in one mount namespace. */
interface MountedHuge {
  readonly line: MountLine
  /** In the form of /proc/PID/maps. */
  readonly device: string
  readonly size: PageSize
  readonly minimum: bigint
  /** What leads to the root of the namespace; empty for that of this process. */
  readonly root: string
  /** Whether that leads there no longer than the scan takes. */
  readonly isPassing?: boolean
}

/**
 * Notes every file below a directory that leads to the root of a hugetlbfs, or to a part of it.
 * `shown` is the directory's name. A file that is `isPassing` is not reached later.
 */
export const walkFiles = (
  scan: Scan,
  directory: string,
  shown: string,
  device: string,
  size: PageSize,
  isPassing = false,
): void => {
  for (const path of pathsBelow(directory, device)) {
    const stat = ifShown(() => lstatSync(path, { bigint: true }))
    if (!stat?.isFile()) continue
    addFile(scan, {
      key: `${device}:${stat.ino}`,
      size,
      path: `${pathPrefix(shown)}${path.slice(pathPrefix(directory).length)}`,
      pages: heldBytes(stat) / size,
      length: (stat.size + size - 1n) / size,
      isNamed: true,
      ...(!isPassing && { reach: path }),
      target: shown,
      uid: Number(stat.uid),
    })
  }
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

/** What lies on the path of a mount may hide it. */
const walkMount = (scan: Scan, mount: MountedHuge): boolean => {
  const { line, device, size, root, isPassing } = mount
  const directory = `${root}${line.target}`
  const found = statusAsKnown(scan, directory)?.dev
  if (found === undefined || hexDevice(found) !== device) return false
  walkFiles(scan, directory, line.target, device, size, isPassing)
  return true
}

const scanAll = (scan: Scan, mounts: readonly MountedHuge[]): void => {
  const done = new Set(scan.mounts.map(({ device }) => device))
  const walked = new Set<string>()
  // A part of a file system that is mounted somewhere comes after its root.
  const sorted = mounts.toSorted(
    (a, b) => Number(a.line.root !== '/') - Number(b.line.root !== '/'),
  )
  for (const mount of sorted) {
    const { line, device, size, minimum } = mount
    scan.targets.add(line.target)
    scan.devices.learn(device, size)
    if (done.has(device)) continue
    if (!scan.mounts.some((one) => one.device === device))
      scan.mounts.push({ device, size, target: line.target, minimum: minimum / size })
    if (isLive(scan.tree) && !walked.has(device) && walkMount(scan, mount)) walked.add(device)
  }
}

/** Looks at the mounts of this mount namespace and at their files. */
export const scanOwnMounts = (scan: Scan): void => {
  const text = readIfReadable(scan.tree, mountinfoPath)
  if (text !== undefined) scanAll(scan, mountedIn(scan, parseMountLines(text).lines, ''))
}

/** The same for every other mount namespace in which a process can be seen. */
export const scanOtherMounts = (scan: Scan): void => {
  const others = readNamespaces(scan.proc).filter(({ process }) => process !== undefined)
  const mounts = others.flatMap(({ lines, process }) =>
    mountedIn(scan, lines, `${scan.proc}/${process?.pid}/root`),
  )
  scanAll(scan, mounts)
}

/** The same for a mount namespace by what its mountinfo shows; `root` leads there for the moment. */
export const scanPassingMounts = (scan: Scan, table: Octets, root: string): void => {
  const mounts = mountedIn(scan, parseMountLines(table).lines, root)
  scanAll(
    scan,
    mounts.map((mount) => ({ ...mount, isPassing: true })),
  )
}
