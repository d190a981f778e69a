import { statSync } from 'node:fs'
import { asOctets } from '../../../model/etc/octets.ts'
import type { FoundArea } from '../../../model/processes/who/found-pages.ts'
import {
  isAnonymousPath,
  isInternalPath,
  isSegmentPath,
} from '../../../model/processes/who/internal-path.ts'
import type { OwnPages } from '../../../model/processes/who/own-pages.ts'
import type { FileKey } from '../../../model/processes/who/page-hold.ts'
import { roundedPages } from '../../../model/words/count.ts'
import type { PageSize } from '../../../model/words/page-size.ts'
import { present } from '../../../model/words/present.ts'
import { type FramesOfArea, readAreaFrames } from '../../page-frames.ts'
import { heldBytes } from '../../stat-blocks.ts'
import { ipcNamespace } from './ipc-namespace.ts'
import { type MapLine, mapLines, type SmapsArea, smapsAreas } from './map-lines.ts'
import { ifShown, looked, readAll } from './quick-read.ts'
import { addArea } from './same-memory.ts'
import { addFile, type Scan } from './scan-state.ts'

/** A line of maps that is known to be about huge pages. */
interface HugeLine extends MapLine {
  readonly size: PageSize
  /** Whether only the path is like those of the kernel's own mount, and the device is another one. */
  readonly isNamesake: boolean
}

/** Anonymous memory has no file whose st_blocks could be asked: its pages belong to the processes. */
const isAnonymous = ({ isPrivate, path, isNamesake }: HugeLine): boolean =>
  isPrivate && isAnonymousPath(path) && !isNamesake

/**
 * Makes the key of the file of an area. Segments have their id as inode, and one device in all IPC
 * namespaces, so that the key of a segment names its namespace too.
 */
const areaKey = (directory: string, { device, inode, path, isNamesake }: HugeLine): FileKey => {
  const key = `${device}:${inode}`
  return isSegmentPath(path) && !isNamesake ? `${key}@${ipcNamespace(directory)}` : key
}

/** The kernel leaves out leading zeros in the names in map_files. */
const shortHex = (digits: string): string => digits.replace(/^0+(?=.)/, '')

const linkOf = (directory: string, { from, to }: MapLine): string =>
  `${directory}/map_files/${shortHex(from)}-${shortHex(to)}`

/**
 * Only /proc/PID/map_files leads to the file. It takes CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE, and a
 * first thread that lives.
 */
const lookAtFile = (scan: Scan, directory: string, line: HugeLine, key: FileKey): void => {
  if (isAnonymous(line) || scan.files.get(key)?.pages !== undefined) return
  const { size, path } = line
  const stat = ifShown(() => statSync(linkOf(directory, line), { bigint: true }))
  const pages = stat && heldBytes(stat) / size
  const length = stat && roundedPages(stat.size, size, 'up')
  addFile(
    scan,
    present({ key, size, path, pages, length, isNamed: false, uid: stat && Number(stat.uid) }),
  )
}

const nothingThere: FramesOfArea = { own: [], alone: 0, together: 0, frames: [], present: 0 }

const lengthOf = ({ from, to, size }: HugeLine): bigint =>
  (BigInt(`0x${to}`) - BigInt(`0x${from}`)) / size

const framesOf = (
  { basePage }: Scan,
  directory: string,
  lines: readonly HugeLine[],
): readonly FramesOfArea[] => {
  const areas = lines.map((line) => ({
    from: BigInt(`0x${line.from}`),
    pages: Number(lengthOf(line)),
    pageSize: line.size,
  }))
  return ifShown(() => readAreaFrames(`${directory}/pagemap`, areas, basePage)) ?? []
}

const ownPages = ({ own, alone, together }: FramesOfArea): OwnPages => ({
  frames: own,
  alone: BigInt(alone),
  together: BigInt(together),
})

/**
 * Reads in smaps whether areas have reserved the pages that they lack. That takes long, so that it is
 * done only where an area lacks some.
 */
const areReserving = (
  directory: string,
  lines: readonly HugeLine[],
  frames: readonly FramesOfArea[],
): ReadonlyMap<string, SmapsArea> => {
  const isFull = lines.every((line, index) => BigInt(frames[index]?.present ?? 0) >= lengthOf(line))
  const text = isFull ? undefined : ifShown(() => readAll(`${directory}/smaps`))
  return text === undefined ? new Map() : smapsAreas(text)
}

const addAreas = (scan: Scan, pid: string, directory: string, lines: readonly HugeLine[]): void => {
  const process = scan.who(pid)
  const frames = framesOf(scan, directory, lines)
  const reserving = areReserving(directory, lines, frames)
  for (const [index, line] of lines.entries()) {
    const key = areaKey(directory, line)
    lookAtFile(scan, directory, line, key)
    const { size, path, isNamesake, isPrivate, from: address, offset } = line
    const found = frames[index] ?? nothingThere
    const area: FoundArea = present({
      process,
      key,
      size,
      path,
      isNamesake: isNamesake || undefined,
      isPrivate,
      address,
      first: offset / size,
      length: lengthOf(line),
      reserves: reserving.get(address)?.reserves,
      own: ownPages(found),
      present: BigInt(found.present),
      frameNodes: scan.nodes.of(isPrivate ? found.own : found.frames),
      mountId: scan.mountBehind(linkOf(directory, line)),
    })
    addArea(scan, area)
  }
}

/** Files of huge pages are on devices without a driver, whose major number is 0. */
const isOfNoDriver = (device: string): boolean => device.startsWith('00:')

/** Where a device is not known yet, smaps tells whether its pages are huge. */
const learnDevices = (
  { devices, sizes }: Scan,
  directory: string,
  lines: readonly MapLine[],
  isSuspect: (line: MapLine) => boolean,
): void => {
  const mayBeHuge = (line: MapLine) =>
    !devices.isKnown(line.device) && isOfNoDriver(line.device) && isSuspect(line)
  if (!lines.some(mayBeHuge)) return
  const text = ifShown(() => readAll(`${directory}/smaps`))
  if (text === undefined) return
  for (const { device, pageSize, isHuge } of smapsAreas(text).values())
    if (!devices.isKnown(device))
      devices.learn(device, isHuge && sizes.includes(pageSize) ? pageSize : undefined)
}

const hugeLines = ({ devices }: Scan, lines: readonly MapLine[]): readonly HugeLine[] =>
  lines.flatMap((line) => {
    const size = devices.sizeOf(line.device)
    if (size === undefined) return []
    const isNamesake = isInternalPath(line.path) && !devices.mayBeInternal(line.device)
    return [{ ...line, size, isNamesake }]
  })

/**
 * Looks at the memory of a process, whose directory can be that of a thread. `isHolder` says that it
 * has huge pages for certain. Returns the answer of the kernel where it could not be looked into.
 */
export const scanAreas = (
  scan: Scan,
  pid: string,
  directory: string,
  isHolder: boolean,
): string | undefined => {
  const maps = looked(() => readAll(`${directory}/maps`))
  if (!('value' in maps)) return maps.denied
  const { devices } = scan
  if (!isHolder && !devices.areIn(maps.value) && !maps.value.includes('/anon_hugepage'))
    return undefined
  const lines = mapLines(maps.value)
  learnDevices(scan, directory, lines, ({ path }) => isHolder || isAnonymousPath(path))
  const huge = hugeLines(scan, lines)
  if (huge.length > 0) addAreas(scan, pid, directory, huge)
  return undefined
}

/**
 * Notes areas of a process that were not known to be of huge pages when it was looked at. What a device
 * is that is not known yet is read in smaps where `isSuspect` is true of it.
 */
export const scanMissedAreas = (
  scan: Scan,
  pid: string,
  directory: string,
  isSuspect: (device: string) => boolean,
): void => {
  const lines = mapLines(ifShown(() => readAll(`${directory}/maps`)) ?? asOctets(''))
  learnDevices(scan, directory, lines, ({ device }) => isSuspect(device))
  const known = new Set(
    scan.areas.flatMap(({ process, address }) => (`${process.pid}` === pid ? address : [])),
  )
  const missed = hugeLines(scan, lines).filter(({ from }) => !known.has(from))
  if (missed.length > 0) addAreas(scan, pid, directory, missed)
}
