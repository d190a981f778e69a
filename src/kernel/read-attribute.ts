import { HugepoolError, unsupported } from '../errors.ts'
import { asOctets, type Octets, textOf } from '../model/etc/octets.ts'
import { decimalPattern, fromKilobytes } from '../model/words/bytes.ts'
import { errnoOf, explain, isShortage, type Meaning } from './errno.ts'
import type { Tree } from './tree.ts'

/** Reads a whole attribute. Throws an error that names it. */
export const readText = (
  tree: Tree,
  path: string,
  special: Readonly<Record<string, Meaning>> = {},
): Octets => {
  try {
    return tree.read(path)
  } catch (error) {
    throw explain(error, path, special)
  }
}

/**
 * Returns the meaning of a missing file of /proc/sys. Where the whole directory is missing, that
 * says nothing of the kernel: /proc is not mounted, or with subset=pid.
 */
export const missingMeaning = (tree: Tree, path: string): Readonly<Record<string, Meaning>> =>
  path.startsWith('/proc/sys/') && listIfPresent(tree, '/proc/sys/vm').length === 0
    ? {
        ENOENT: {
          code: 'E_UNSUPPORTED',
          reason: 'not-shown',
          words: 'cannot be seen: there is no /proc/sys',
          hint: "'mount -t proc proc /proc' shows it, if without subset=pid",
        },
      }
    : {}

/**
 * Reads an attribute. Returns undefined, which is never taken for zero, where the kernel lacks it
 * or this process may not read it.
 */
export const readIfPresent = (tree: Tree, path: string): Octets | undefined => {
  try {
    return tree.read(path)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'EACCES') return undefined
    throw explain(error, path)
  }
}

/**
 * Reads a file that only explains something, or that other files can replace. Returns undefined
 * where it cannot be read for any reason except a shortage, which is thrown.
 */
export const readIfReadable = (tree: Tree, path: string): Octets | undefined => {
  try {
    return tree.read(path)
  } catch (error) {
    if (errnoOf(error) === undefined || isShortage(error)) throw explain(error, path)
    return undefined
  }
}

/** Returns the names in a directory; none where it does not exist. */
export const listIfPresent = (tree: Tree, path: string): readonly string[] => {
  try {
    return tree.list(path)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return []
    throw explain(error, path)
  }
}

/** Returns the names in a directory; none where it cannot be read for any reason but a shortage. */
export const listIfReadable = (tree: Tree, path: string): readonly string[] => {
  try {
    return tree.list(path)
  } catch (error) {
    if (errnoOf(error) === undefined || isShortage(error)) throw explain(error, path)
    return []
  }
}

const quotedStart = (text: string): string => JSON.stringify(textOf(asOctets(text.slice(0, 40))))

/**
 * Reads a file that holds one number. Returns undefined where the file is missing, or where it
 * holds a word such as `max`.
 */
export const readNumberIfPresent = (tree: Tree, path: string): bigint | undefined => {
  const digits = /^(\d+)\n?$/.exec(readIfPresent(tree, path) ?? '')?.[1]
  return digits === undefined ? undefined : BigInt(digits)
}

const largestCounter = 2n ** 64n - 1n

/**
 * Parses an unsigned counter of 64 bits, as `%lu` and a newline print it. Throws E_KERNEL for
 * anything else.
 */
export const parseCounter = (text: string, path: string): bigint => {
  const digits = text.endsWith('\n') ? text.slice(0, -1) : text
  const counter = decimalPattern.test(digits) && digits.length <= 20 ? BigInt(digits) : undefined
  if (counter !== undefined && counter <= largestCounter) return counter
  throw new HugepoolError(
    'E_KERNEL',
    'not-understood',
    `${path}: expected a number, found ${quotedStart(text)}`,
  )
}

/** Parses a size such as `2048kB` and returns bytes. Throws E_KERNEL for anything else. */
export const parseKilobytes = (text: string, path: string): bigint => {
  const digits = /^([1-9][0-9]*) ?kB$/.exec(text.trim())?.[1]
  if (digits !== undefined) return fromKilobytes(digits)
  throw new HugepoolError(
    'E_KERNEL',
    'not-understood',
    `${path}: expected a size in kB, found ${quotedStart(text)}`,
  )
}

/**
 * Returns the error that says why no pool can be seen. /proc/meminfo has lines about pools wherever
 * the kernel has any (hugetlb_report_meminfo in mm/hugetlb.c), so a missing sysfs alone proves
 * nothing.
 */
export const missingHugeTlb = (tree: Tree) =>
  readIfPresent(tree, '/proc/meminfo') === undefined &&
  listIfPresent(tree, '/sys/kernel').length === 0
    ? unsupported(
        'not-shown',
        'no pool can be seen: neither sysfs nor procfs is mounted',
        "'mount -t proc proc /proc' and 'mount -t sysfs sysfs /sys' show them",
      )
    : unsupported(
        'no-hugetlb',
        'this kernel has no HugeTLB pools: /sys/kernel/mm/hugepages is missing',
        'the kernel needs CONFIG_HUGETLBFS and CONFIG_HUGETLB_PAGE, and a CPU with huge pages',
      )
