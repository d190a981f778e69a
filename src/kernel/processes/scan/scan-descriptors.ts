import { type BigIntStats, readdirSync, readlinkSync, statSync } from 'node:fs'
import { isWithin } from '../../../model/etc/path-parts.ts'
import type { OpenWay } from '../../../model/processes/who/found-pages.ts'
import { roundedPages } from '../../../model/words/count.ts'
import { present } from '../../../model/words/present.ts'
import { hugetlbfsAt } from '../../mounts/hugetlbfs-statfs.ts'
import { heldBytes } from '../../stat-blocks.ts'
import { hexDevice } from './huge-devices.ts'
import { ipcNamespace } from './ipc-namespace.ts'
import { isInternal, mayAsk } from './mount-of-link.ts'
import { ifShown, looked } from './quick-read.ts'
import { walkFiles } from './scan-mounts.ts'
import type { ScannedProcess } from './scan-processes.ts'
import { addFile, type Scan } from './scan-state.ts'

/** A link below /proc/PID that leads to a file, and the text that it shows. */
export interface OpenLink {
  readonly pid: string
  readonly link: string
  readonly path: string
  readonly way: OpenWay
}

/** What the kernel adds to the path of a file without a name, as every memfd and segment is. */
const deleted = ' (deleted)'

const isBelowTarget = ({ targets }: Scan, path: string): boolean =>
  [...targets].some((target) => isWithin(path, target))

/**
 * Whether a link may lead to huge pages. It is decided by its text: to follow a link to a server that
 * does not answer would block. A file on a file system that is mounted nowhere has a short path, from
 * the root of that file system on.
 */
const mayBeHuge = (scan: Scan, path: string): boolean => {
  if (!path.startsWith('/')) return false
  if (isInternal(path) || path.endsWith(deleted)) return true
  const isBelow = isBelowTarget(scan, path)
  if (path.startsWith('/dev/') || path.startsWith('/proc/')) return isBelow
  return path.lastIndexOf('/') === 0 || isBelow
}

/** Learns a device that nobody has mounted. */
const learn = ({ devices, sizes }: Scan, device: string, link: string): void => {
  const size = ifShown(() => hugetlbfsAt(link))?.bsize
  devices.learn(device, size !== undefined && sizes.includes(size) ? size : undefined)
}

const isOfSegment = (path: string): boolean => path.startsWith('/SYSV')

/** Notes a link whose file this is, where the file has huge pages. */
export const addOpen = (
  scan: Scan,
  { pid, link, path, way }: OpenLink,
  stat: BigIntStats,
): void => {
  const device = hexDevice(stat.dev)
  const isMounted = scan.mounts.some((mount) => mount.device === device)
  if (!scan.devices.isKnown(device)) learn(scan, device, link)
  const size = scan.devices.sizeOf(device)
  if (size === undefined) return
  const namespace = isOfSegment(path) ? `@${ipcNamespace(`${scan.proc}/${pid}`)}` : ''
  const key = `${device}:${stat.ino}${namespace}`
  scan.descriptors.push({ process: scan.who(pid), key, size, path, way })
  if (stat.isFile())
    addFile(scan, {
      key,
      size,
      path,
      pages: heldBytes(stat) / size,
      length: roundedPages(stat.size, size, 'up'),
      isNamed: false,
      uid: Number(stat.uid),
    })
  // The files of a file system that is mounted nowhere are seen through a directory of it alone.
  else if (!isMounted && stat.isDirectory()) walkFiles(scan, `${link}/`, path, device, size)
}

const addLink = (scan: Scan, open: OpenLink): void => {
  const stat = ifShown(() => statSync(open.link, { bigint: true }))
  if (stat !== undefined) addOpen(scan, open, stat)
}

const rings = 'anon_inode:[io_uring]'

/** Rings and sockets show in fdinfo alone what they keep. */
const noteOpaque = ({ opaque }: Scan, pid: string, name: string, path: string): void => {
  if (path === rings || path.startsWith('socket:'))
    opaque.push({ pid, name, isRing: path === rings })
}

const scanTable = (scan: Scan, pid: string, directory: string, names: readonly string[]): void => {
  for (const name of names) {
    const link = `${directory}/fd/${name}`
    const path = ifShown(() => readlinkSync(link))
    if (path === undefined) continue
    if (mayBeHuge(scan, path)) {
      if (mayAsk(scan, { pid, directory, name, path }))
        addLink(scan, { pid, link, path, way: 'open file' })
    } else noteOpaque(scan, pid, name, path)
  }
}

const places = [
  ['cwd', 'working directory'],
  ['root', 'root'],
] as const

const scanPlaces = (scan: Scan, pid: string, directory: string): void => {
  for (const [name, way] of places) {
    const link = `${directory}/${name}`
    const path = ifShown(() => readlinkSync(link))
    if (path === undefined || !mayBeHuge(scan, path)) continue
    // Of these nothing but the path tells the mount.
    if (!scan.isCautious || isBelowTarget(scan, path)) addLink(scan, { pid, link, path, way })
  }
}

/** A thread can have descriptors of its own; most have those of their process. */
const scanThreads = (scan: Scan, pid: string, directory: string, names: string): void => {
  for (const id of ifShown(() => readdirSync(`${directory}/task`)) ?? []) {
    if (id === pid) continue
    const thread = `${directory}/task/${id}`
    const own = ifShown(() => readdirSync(`${thread}/fd`)) ?? []
    if (own.join() !== names) scanTable(scan, pid, thread, own)
  }
}

/** Looks for the descriptors, working directories and roots of all processes on huge pages. */
export const scanDescriptors = (scan: Scan, processes: readonly ScannedProcess[]): void => {
  for (const { pid, threads, hugeBytes: bytes, space } of processes) {
    const directory = `${scan.proc}/${pid}`
    const names = looked(() => readdirSync(`${directory}/fd`))
    if (!('value' in names)) {
      // A kernel thread has no memory and no descriptors that could be of huge pages.
      if (names.denied !== undefined && space > 0)
        scan.unseen.set(Number(pid), present({ process: scan.who(pid), bytes }))
      continue
    }
    scanTable(scan, pid, directory, names.value)
    scanPlaces(scan, pid, directory)
    if (threads > 1) scanThreads(scan, pid, directory, names.value.join())
  }
}
