import { withoutNewlineEscapes } from '../../../model/etc/octal-escapes.ts'
import { asOctets, type Octets, textOf } from '../../../model/etc/octets.ts'

/** One area, as a line of /proc/PID/maps shows it. */
export interface MapLine {
  /** The address at which the area begins, in hexadecimal digits as the kernel writes them. */
  readonly from: string
  readonly to: string
  readonly isPrivate: boolean
  /** The offset in the file at which the area begins, in bytes. */
  readonly offset: bigint
  /** The major and the minor number of the device in hexadecimal digits: `00:1f`. */
  readonly device: string
  readonly inode: bigint
  readonly path: string
}

/**
 * A line looks like `7f0000000000-7f0000200000 rw-s 00000000 00:27 1234    /mnt/huge/file`
 * (show_map_vma in fs/proc/task_mmu.c). Memory without a file has the device 00:00. Only a newline ends
 * a line: a path can have a carriage return in it, after which `^` of a pattern would begin one too.
 */
const pattern =
  /(?:^|\n)([0-9a-f]+)-([0-9a-f]+) ...([ps]) ([0-9a-f]+) (?!00:00 )([0-9a-f]+:[0-9a-f]+) (\d+) *([^\n]*)/g

/** The lines of a text of /proc/PID/maps that are about files. */
export const mapLines = (text: Octets): readonly MapLine[] =>
  [...text.matchAll(pattern)].map(
    ([, from = '', to = '', sharing, offset = '0', device = '', inode = '0', path = '']) => ({
      from,
      to,
      isPrivate: sharing === 'p',
      offset: BigInt(`0x${offset}`),
      device,
      inode: BigInt(inode),
      path: textOf(withoutNewlineEscapes(asOctets(path))),
    }),
  )

/** Finds the value in the line of smaps that has this name. */
const smapsValue = (area: string, name: string): string | undefined =>
  new RegExp(`\\n${name}: *([^\\n]*)`).exec(area)?.[1]

/** What smaps tells of an area that maps does not. */
export interface SmapsArea {
  readonly device: string
  /** The size of its pages, in bytes. */
  readonly pageSize: bigint
  readonly isHuge: boolean
  /** Whether its pages are reserved, as they are without MAP_NORESERVE. */
  readonly reserves: boolean
}

/** The areas of a text of /proc/PID/smaps that are about files, by the addresses at which they begin. */
export const smapsAreas = (text: Octets): ReadonlyMap<string, SmapsArea> =>
  new Map(
    text.split(/(?:^|\n)(?=[0-9a-f]+-[0-9a-f]+ )/).flatMap((area) => {
      const [line] = mapLines(asOctets(area.split('\n', 1)[0] ?? ''))
      if (line === undefined) return []
      const flags = (smapsValue(area, 'VmFlags') ?? '').trim().split(' ')
      const kilobytes = /^\d+/.exec(smapsValue(area, 'KernelPageSize') ?? '')?.[0] ?? '0'
      const isHuge = flags.includes('ht')
      const reserves = !flags.includes('nr')
      const pageSize = BigInt(kilobytes) * 1024n
      return [[line.from, { device: line.device, pageSize, isHuge, reserves }] as const]
    }),
  )
