import { readFileSync } from 'node:fs'
import { asOctets } from '../../../model/etc/octets.ts'
import type { FoundArea, FoundSegment } from '../../../model/processes/who/found-pages.ts'
import { isSegmentPath } from '../../../model/processes/who/internal-path.ts'
import { deviceIn } from '../../../model/processes/who/page-hold.ts'
import { roundedPages } from '../../../model/words/count.ts'
import type { PageSize } from '../../../model/words/page-size.ts'
import { present } from '../../../model/words/present.ts'
import { errnoOf, isShortage } from '../../errno.ts'
import { mapLines } from './map-lines.ts'
import type { Scan } from './scan-state.ts'
import { residentBytes, type SegmentLine, showsTooMuch } from './segment-lines.ts'
import { segmentOrigin } from './segment-origin.ts'

/** An IPC namespace, by what leads to it; that of this process has no path. */
export interface IpcNamespace {
  readonly name: string
  readonly path?: string
}

/**
 * Attaches a segment for reading and looks at its device. Nothing tells otherwise whether its pages
 * are huge. It changes the time and the process of the last use (shmctl(2)), and nothing else.
 */
const deviceBySight = (
  { native }: Scan,
  { path }: IpcNamespace,
  id: number,
): string | undefined => {
  let device: string | undefined
  try {
    native?.atSegment(path ?? '', id, (address) => {
      const maps = asOctets(readFileSync('/proc/self/maps', 'latin1'))
      device = mapLines(maps).find(({ from }) => BigInt(`0x${from}`) === address)?.device
    })
  } catch (error) {
    if (errnoOf(error) === undefined || isShortage(error)) throw error
  }
  return device
}

/**
 * Tells whether a device is the one on which segments of a size lie: that of all memory without a
 * mount.
 */
const isOf = ({ devices }: Scan, device: string | undefined, size: PageSize): boolean =>
  device !== undefined && devices.sizeOf(device) === size

/** How far segments are looked into. */
export interface SegmentLook {
  /** Whether they may be attached. */
  readonly attach: boolean
  /** Whether those count that have no page yet, for they can have them reserved. */
  readonly untouched: boolean
}

const attachedHere = ({ areas }: Scan, id: number, name: string): FoundArea | undefined =>
  areas.find(({ path, key }) => isSegmentPath(path) && key.endsWith(`:${id}@${name}`))

/** What was found out about a segment: its page size and device, or the sizes that it could have. */
type Sight =
  | { readonly size: PageSize; readonly device: string }
  | { readonly size?: never; readonly doubtful: readonly PageSize[] }

/** Looks at a segment that nobody was seen to have attached. */
const sightOf = (
  scan: Scan,
  namespace: IpcNamespace,
  line: SegmentLine,
  { attach, untouched }: SegmentLook,
): Sight => {
  const isEmpty = line('rss') === 0n
  const fits = (size: PageSize) => residentBytes(line, size, scan.basePage) !== undefined
  const possible = isEmpty && untouched ? scan.sizes : scan.sizes.filter(fits)
  if (possible.length === 0) return { doubtful: [] }
  const isPlain = showsTooMuch(line) && possible.length === 1
  const device =
    attach && !isPlain ? deviceBySight(scan, namespace, Number(line('shmid'))) : undefined
  const seen = possible.find((one) => isOf(scan, device, one))
  const size = seen ?? (device === undefined && showsTooMuch(line) ? possible[0] : undefined)
  if (size !== undefined) return { size, device: device ?? '?' }
  return { doubtful: device === undefined && !isEmpty ? possible : [] }
}

const segmentOf = (
  scan: Scan,
  { name, path }: IpcNamespace,
  line: SegmentLine,
  { size, key }: { readonly size: PageSize; readonly key: string },
): FoundSegment => {
  const bytes = residentBytes(line, size, scan.basePage) ?? 0n
  return present({
    key: `${key}@${name}`,
    size,
    id: Number(line('shmid')),
    ipcKey: Number(line('key')),
    uid: Number(line('uid')),
    attached: Number(line('nattch')),
    pages: scan.files.get(`${key}@${name}`)?.pages ?? bytes / size,
    length: roundedPages(line('size'), size, 'up'),
    isElsewhere: path === undefined ? undefined : (true as const),
  })
}

/** Notes a segment of a namespace, where its pages are huge or may be. */
export const addSegment = (
  scan: Scan,
  namespace: IpcNamespace,
  line: SegmentLine,
  look: SegmentLook,
): void => {
  const id = Number(line('shmid'))
  const mapped = attachedHere(scan, id, namespace.name)
  const sight: Sight =
    mapped === undefined
      ? sightOf(scan, namespace, line, look)
      : { size: mapped.size, device: deviceIn(mapped.key) }
  if (sight.size !== undefined) {
    const found = segmentOf(scan, namespace, line, {
      size: sight.size,
      key: `${sight.device}:${id}`,
    })
    scan.segments.push(found)
    const elsewhere = namespace.path === undefined ? {} : { elsewhere: namespace.name }
    scan.origins.set(found.key, segmentOrigin(line, { ...scan, ...elsewhere }))
  } else
    for (const size of sight.doubtful)
      scan.doubtful.push(segmentOf(scan, namespace, line, { size, key: `?:?:${id}` }))
}
