import { constants, readdirSync, readlinkSync } from 'node:fs'
import { directoryAbove, isWithin } from '../../../model/etc/path-parts.ts'
import type { OpenWay } from '../../../model/processes/who/found-pages.ts'
import { isInternalPath, isSegmentPath } from '../../../model/processes/who/internal-path.ts'
import { roundedPages } from '../../../model/words/count.ts'
import { present } from '../../../model/words/present.ts'
import { hugetlbfsAt } from '../../mounts/hugetlbfs-statfs.ts'
import type { StatAsKnown } from '../../native/native.ts'
import { heldBytes } from '../../stat-blocks.ts'
import { hexDevice } from './huge-devices.ts'
import { ipcNamespace } from './ipc-namespace.ts'
import { mayAsk } from './mount-of-link.ts'
import { ifShown, looked } from './quick-read.ts'
import { haveSame } from './same-tables.ts'
import type { ScannedProcess } from './scan-processes.ts'
import { addFile, type Scan } from './scan-state.ts'
import { statusAsKnown } from './status-as-known.ts'
import { walkFiles } from './walk-files.ts'

/** A link below /proc/PID that leads to a file, and the text that it shows. */
export interface OpenLink {
  readonly pid: string
  readonly link: string
  readonly path: string
  readonly way: OpenWay
}

const isBelowTarget = ({ targets }: Scan, path: string): boolean =>
  [...targets].some((target) => isWithin(path, target))

/**
 * Whether a link may lead to huge pages. It is decided by its text: to follow a link to a server that
 * does not answer would block. A file on a file system that is mounted nowhere has a short path, from
 * the root of that file system on; `(deleted)` stands behind that of a file without a name.
 */
const mayBeHuge = (scan: Scan, path: string): boolean => {
  if (!path.startsWith('/')) return false
  if (isInternalPath(path) || path.endsWith(' (deleted)')) return true
  const isBelow = isBelowTarget(scan, path)
  if (path.startsWith('/dev/') || path.startsWith('/proc/')) return isBelow
  return directoryAbove(path) === '/' || isBelow
}

/**
 * Learns a device that nobody has mounted. The blocks of a hugetlbfs are its pages, so that a file
 * system with others is not asked what it is.
 */
const learn = (
  { devices, sizes }: Scan,
  device: string,
  link: string,
  { blksize }: StatAsKnown,
): void => {
  const isHuge = sizes.includes(blksize) && ifShown(() => hugetlbfsAt(link)) !== undefined
  devices.learn(device, isHuge ? blksize : undefined)
}

const isOfType = ({ mode }: StatAsKnown, type: number): boolean =>
  (Number(mode) & constants.S_IFMT) === type

/** Notes a link whose file this is, where the file has huge pages. */
export const addOpen = (
  scan: Scan,
  { pid, link, path, way }: OpenLink,
  stat: StatAsKnown,
): void => {
  const device = hexDevice(stat.dev)
  const isMounted = scan.mounts.some((mount) => mount.device === device)
  if (!scan.devices.isKnown(device)) learn(scan, device, link, stat)
  const size = scan.devices.sizeOf(device)
  if (size === undefined) return
  const isSegment = isSegmentPath(path) && scan.devices.mayBeInternal(device)
  const namespace = isSegment ? `@${ipcNamespace(`${scan.proc}/${pid}`)}` : ''
  const key = `${device}:${stat.ino}${namespace}`
  const mountId = scan.mountBehind(link)
  scan.descriptors.push(present({ process: scan.who(pid), key, size, path, way, mountId }))
  if (isOfType(stat, constants.S_IFREG))
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
  else if (!isMounted && isOfType(stat, constants.S_IFDIR))
    walkFiles(scan, `${link}/`, { shown: path, device, size })
}

/** A descriptor in the table of a process or of a thread. */
interface TableEntry {
  readonly pid: string
  readonly directory: string
  readonly name: string
  readonly path: string
}

const addLink = (scan: Scan, open: OpenLink): void => {
  const stat = statusAsKnown(scan, open.link)
  if (stat !== undefined) addOpen(scan, open, stat)
}

const rings = 'anon_inode:[io_uring]'

/**
 * Rings and sockets show in fdinfo alone what they keep. A namespace stays while a descriptor has it.
 */
const noteOpaque = (scan: Scan, entry: TableEntry): void => {
  const { opaque, kept, distant } = scan
  const { pid, directory, name, path } = entry
  if (/^\/(?!dev\/|proc\/)/.test(path)) distant.push(entry)
  if (/^(mnt|ipc):/.test(path) && !kept.has(path)) kept.set(path, `${directory}/fd/${name}`)
  if (path === rings || path.startsWith('socket:'))
    opaque.push({ pid, name, fdinfo: `${directory}/fdinfo/${name}`, isRing: path === rings })
}

const scanTable = (scan: Scan, pid: string, directory: string, names: readonly string[]): void => {
  for (const name of names) {
    const link = `${directory}/fd/${name}`
    const path = ifShown(() => readlinkSync(link))
    if (path === undefined) continue
    if (mayBeHuge(scan, path)) {
      if (mayAsk(scan, { pid, directory, name, path }))
        addLink(scan, { pid, link, path, way: 'open file' })
    } else noteOpaque(scan, { pid, directory, name, path })
  }
}

const directoryWays: Readonly<Record<string, OpenWay>> = { cwd: 'working directory', root: 'root' }

/** Returns the errno where they may not be read. Only their paths tell by which mount they are reached. */
const scanDirectories = (scan: Scan, pid: string, directory: string): string | undefined => {
  let denied: string | undefined
  for (const [name, way] of Object.entries(directoryWays)) {
    const link = `${directory}/${name}`
    const found = looked(() => readlinkSync(link))
    if (!('value' in found)) denied = found.denied
    else if (mayBeHuge(scan, found.value) && (!scan.isCautious || isBelowTarget(scan, found.value)))
      addLink(scan, { pid, link, path: found.value, way })
  }
  return denied
}

/**
 * Looks at the descriptors of a thread. Where the kernel does not compare tables, one with the numbers
 * of the first thread is taken for the table of that.
 */
const scanThreadTable = (scan: Scan, pid: string, thread: string, names: string): void => {
  const own = ifShown(() => readdirSync(`${thread}/fd`)) ?? []
  if (own.join() !== names) scanTable(scan, pid, thread, own)
}

/** A thread can have descriptors and directories of its own; most have those of their process. */
const scanThreads = (scan: Scan, pid: string, directory: string, names: string): void => {
  for (const id of ifShown(() => readdirSync(`${directory}/task`)) ?? []) {
    if (id === pid) continue
    const thread = `${directory}/task/${id}`
    const same = haveSame(scan, 'descriptors', pid, id)
    if (same !== true) scanThreadTable(scan, pid, thread, same === undefined ? names : '')
    if (haveSame(scan, 'directories', pid, id) === false) scanDirectories(scan, pid, thread)
  }
}

/**
 * Looks at the descriptors of which only the mount tells that they lead to huge pages: those of a file
 * below a directory of a hugetlbfs that is mounted nowhere.
 */
export const scanDistantDescriptors = (scan: Scan): void => {
  for (const { pid, directory, name, path } of scan.distant.splice(0))
    if (mayAsk(scan, { pid, directory, name, path }))
      addLink(scan, { pid, link: `${directory}/fd/${name}`, path, way: 'open file' })
}

/**
 * Returns the errno where a process may not be looked into. CAP_DAC_READ_SEARCH shows the numbers of
 * descriptors; links are read by the rules of ptrace(2) (proc_fd_access_allowed in fs/proc/base.c).
 */
const scanProcess = (scan: Scan, { pid, threads }: ScannedProcess): string | undefined => {
  const directory = `${scan.proc}/${pid}`
  const names = looked(() => readdirSync(`${directory}/fd`))
  if (!('value' in names)) return names.denied
  scanTable(scan, pid, directory, names.value)
  const denied = scanDirectories(scan, pid, directory)
  if (denied === undefined && threads > 1) scanThreads(scan, pid, directory, names.value.join())
  return denied
}

/** Looks for the descriptors, working directories and roots of all processes on huge pages. */
export const scanDescriptors = (scan: Scan, processes: readonly ScannedProcess[]): void => {
  for (const scanned of processes) {
    const { pid, space } = scanned
    const errno = scanProcess(scan, scanned)
    // A kernel thread has none of huge pages. The memory of who is not yet unseen was looked at.
    if (errno !== undefined && space > 0 && !scan.unseen.has(Number(pid)))
      scan.unseen.set(Number(pid), { process: scan.who(pid), bytes: 0n, errno })
  }
}
