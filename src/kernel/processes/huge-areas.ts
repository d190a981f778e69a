import { kilobytesOf } from '../../model/words/bytes.ts'
import type { Pages } from '../../model/words/count.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { errnoOf, isShortage } from '../errno.ts'
import type { Tree } from '../tree.ts'

/** A part of a process's memory that is made of huge pages of one size. */
export interface HugeArea {
  /** The device in the form of /proc/PID/maps: `00:27`. */
  readonly device: string
  readonly inode: bigint
  readonly path: string
  /** The pages that the process has in its page table. */
  readonly pages: Pages
  /**
   * The pages that it can have reserved for itself beside them: what the area lacks, unless it was
   * mapped without a reservation or is a shared mapping of a file, which has them reserved then.
   */
  readonly lacked: Pages
}

/**
 * The first line of an area in /proc/PID/smaps (show_map_vma in fs/proc/task_mmu.c): `7f..-7f.. rw-s
 * 00000000 00:27 1234    /mnt/huge/file`
 */
const areaPattern = /^[0-9a-f]+-[0-9a-f]+ (\S+) \S+ (\S+) (\d+) *(.*)$/

/**
 * The names of what has no file that a path leads to: anonymous memory (HUGETLB_ANON_FILE of
 * include/linux/hugetlb.h), SysV segments and memfds.
 */
export const pathlessNames = ['/anon_hugepage', '/SYSV', '/memfd:'] as const

const isPathless = (path: string): boolean => pathlessNames.some((name) => path.startsWith(name))

const hasFlag = (area: string, flag: string): boolean =>
  new RegExp(`^VmFlags:.* ${flag}\\b`, 'm').test(area)

const kilobytes = (area: string, name: string): bigint =>
  BigInt(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(area)?.[1] ?? 0)

const areaOf = (text: string, size: PageSize): HugeArea | undefined => {
  const [, access = '', device, inode, path = ''] =
    areaPattern.exec(text.split('\n', 1)[0] ?? '') ?? []
  if (device === undefined || inode === undefined) return undefined
  const held = kilobytes(text, 'Private_Hugetlb') + kilobytes(text, 'Shared_Hugetlb')
  const reserves = !hasFlag(text, 'nr') && (access.endsWith('p') || isPathless(path))
  const lacked = reserves ? ((kilobytes(text, 'Size') - held) * 1024n) / size : 0n
  return { device, inode: BigInt(inode), path, pages: (held * 1024n) / size, lacked }
}

/**
 * The areas of a process that are made of pages of a size. Undefined where permission is missing or
 * the process is gone. Reading smaps walks the page tables of the process: some milliseconds for
 * each GiB of small pages that it has.
 */
export const readHugeAreas = (
  tree: Tree,
  pid: number,
  size: PageSize,
): readonly HugeArea[] | undefined => {
  try {
    const wanted = new RegExp(`^KernelPageSize: +${kilobytesOf(size).replace('kB', '')} kB$`, 'm')
    return tree
      .read(`/proc/${pid}/smaps`)
      .split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)
      .filter((area) => wanted.test(area))
      .flatMap((area) => areaOf(area, size) ?? [])
  } catch (error) {
    if (errnoOf(error) === undefined || isShortage(error)) throw error
    return undefined
  }
}
