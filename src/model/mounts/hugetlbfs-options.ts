import { octalMode } from '../etc/octal-mode.ts'
import type { Bytes } from '../words/bytes.ts'
import { memparse } from '../words/memparse.ts'
import type { PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'

/** The options that the kernel shows for a hugetlbfs mount. A limit that is not set is absent. */
export interface HugetlbfsOptions {
  readonly pageSize: PageSize
  /** The bytes that the files of the mount may take; 0 means none at all. */
  readonly size?: Bytes
  /** The bytes that are reserved for the files of the mount from the start. */
  readonly minSize?: Bytes
  /**
   * The number of files and directories that may exist, including the root directory of the mount.
   */
  readonly inodes?: bigint
  readonly uid: number
  readonly gid: number
  /** The permissions as at least four octal digits: `0755`, `1777`. */
  readonly mode: string
}

/** What was understood of the options of a mount. A value that was not understood is absent. */
export interface ParsedOptions extends Partial<HugetlbfsOptions> {
  /** The options that were not understood, as they stand there: `mode=9`. */
  readonly unclear: readonly string[]
  /**
   * The limits that are shares of the pool, as they were typed: `size=10%`. What they came to when
   * the mount was made is not among the options.
   */
  readonly shares: readonly string[]
}

/** Reads options by their names. The last of several with one name counts, as in the kernel. */
const optionPairs = (text: string): ReadonlyMap<string, string> => {
  const options = new Map<string, string>()
  for (const option of text.split(',')) {
    const at = option.indexOf('=')
    if (at > 0) options.set(option.slice(0, at), option.slice(at + 1))
    else options.set(option, '')
  }
  return options
}

/** No architecture has smaller huge pages. In bytes; like all sizes it is a power of two. */
export const leastHugePage = 2n ** 13n

const pageSizeOf = (text: string): PageSize | undefined => {
  const size = memparse(text)?.value ?? 0n
  return size >= leastHugePage && (size & (size - 1n)) === 0n ? size : undefined
}

/**
 * Rounds a limit down to whole pages, as hugetlbfs_size_to_hpages in fs/hugetlbfs/inode.c does.
 * Limits from 2^63 on are those that the kernel shows for no limit, and stay as they are.
 */
const wholeLimit = (bytes: Bytes, pageSize: PageSize | undefined): Bytes =>
  pageSize === undefined || bytes >= 2n ** 63n ? bytes : bytes - (bytes % pageSize)

const wholeNumber = (text: string): number | undefined =>
  /^(?:0x[0-9a-f]+|[0-9]+)$/i.test(text) && memparse(text)?.rest === ''
    ? Number(memparse(text)?.value)
    : undefined

/** S_IRWXUGO and S_ISVTX: the kernel keeps no other bits. */
const modeBits = 0o1777

/** The permission bits of the root directory where no mount option sets them (fs/hugetlbfs/inode.c). */
export const usualMountMode = '0755'

const modeOf = (text: string): string | undefined =>
  /^[0-7]{1,6}$/.test(text) ? octalMode(Number.parseInt(text, 8) & modeBits) : undefined

const inodesOf = (text: string): bigint | undefined => memparse(text)?.value

/**
 * Reads the options of a hugetlbfs in both forms that kernels show. From 4.13 on
 * hugetlbfs_show_options (fs/hugetlbfs/inode.c) prints the page size in K or M, limits in bytes,
 * and owner and mode only where they differ from 0 and 755. Before, the kernel shows the options
 * that were typed and no others, so `defaultSize` is the page size of a mount that shows none.
 */
export const parseHugetlbfsOptions = (text: string, defaultSize?: PageSize): ParsedOptions => {
  const options = optionPairs(text)
  const unclear: string[] = []
  const shares: string[] = []
  const read = <T>(name: string, parse: (text: string) => T | undefined, otherwise?: T) => {
    const typed = options.get(name)
    if (typed === undefined) return otherwise
    const value = parse(typed)
    if (value === undefined) unclear.push(`${name}=${typed}`)
    return value
  }
  const pageSize = read('pagesize', pageSizeOf, defaultSize)
  if (pageSize === undefined && unclear.length === 0) unclear.push('pagesize')
  const limit = (name: string): Bytes | undefined => {
    const typed = options.get(name) ?? ''
    if (memparse(typed)?.rest.startsWith('%')) {
      shares.push(`${name}=${typed}`)
      return undefined
    }
    return read(name, (word) => {
      const found = memparse(word)
      return found && wholeLimit(found.value, pageSize)
    })
  }
  return present({
    pageSize,
    size: limit('size'),
    minSize: limit('min_size'),
    inodes: read('nr_inodes', inodesOf),
    uid: read('uid', wholeNumber, 0),
    gid: read('gid', wholeNumber, 0),
    mode: read('mode', modeOf, usualMountMode),
    unclear,
    shares,
  })
}
