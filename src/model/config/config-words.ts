import { HugepoolError, usage } from '../../errors.ts'
import { checkPathLength, pathParts } from '../etc/path-parts.ts'
import { leastHugePage } from '../mounts/hugetlbfs-options.ts'
import { changedFlags, flagWords } from '../mounts/mount-flags.ts'
import { formatSize, type PageSize, parseSize } from '../words/page-size.ts'

// What a file says in other words than the command line, or with fewer of them, is read here.

const configuredForms = 'a page size is written as 2M, 1G, 2048kB or 2097152'

/**
 * Runs a parser of the command line, with other hints: its own are about more than a file can say.
 */
export const withForms = <T>(forms: string, parse: () => T): T => {
  try {
    return parse()
  } catch (error) {
    if (error instanceof HugepoolError && error.reason === 'wrong-words')
      throw usage(error.message, forms)
    throw error
  }
}

/**
 * Reads a page size. Throws E_USAGE for `default`, which the kernel command line changes, and for
 * what no kernel has pages of.
 */
export const parseConfiguredSize = (text: string): PageSize => {
  const size = withForms(configuredForms, () => parseSize(text))
  if (size === 'default')
    throw usage(
      `'${text}' is for the command line alone: it is another size with another kernel command line`,
      configuredForms,
    )
  if (size < leastHugePage || (size & (size - 1n)) !== 0n)
    throw usage(
      `no kernel has pages of ${formatSize(size)}: a page size is a power of two`,
      configuredForms,
    )
  return size
}

/** The largest user or group id. 2^32 - 1 stands for no id. */
const largestId = 2n ** 32n - 2n

/** Reads a user or group, by name or number. Throws E_USAGE for what can be neither. */
export const parseOwner = (text: string): string => {
  const isNumber = /^(?:0|[1-9][0-9]*)$/.test(text)
  if (isNumber && BigInt(text) <= largestId) return text
  if (isNumber || /^[-+]?[0-9]/.test(text) || !/^[^\s:,/\p{Cc}]+$/u.test(text))
    throw usage(
      `'${text}' is no name and no number of a user or group`,
      'a user or group is written as "dpdk" or 1000',
    )
  return text
}

const flagForms = `the flags are ${flagWords.join(', ')}; limits, owner and mode have keys of their own`

/** Reads a list of flags. Throws E_USAGE for other words. */
export const parseFlagWords = (text: string): string => {
  withForms(flagForms, () => changedFlags(text, []))
  return text
}

/**
 * Reads a mount point, and makes one path of all its spellings. Throws E_USAGE for a relative path,
 * for one with `..` in it, and for `/`.
 */
export const parseMountPoint = (text: string): string => {
  if (!text.startsWith('/') || text.includes('\0'))
    throw usage(`'${text}' is not an absolute path`, 'a mount is written as [mounts."/mnt/huge"]')
  const parts = pathParts(checkPathLength(text))
  if (parts.includes('..')) throw usage(`'${text}' has '..' in it`, 'name the directory itself')
  if (parts.length === 0) throw usage("'/' cannot be mounted over")
  return `/${parts.join('/')}`
}

const cmaPattern = /^(?:[0-9]+[KMGTPE]?|[0-9]+:[0-9]+[KMGTPE]?(?:,[0-9]+:[0-9]+[KMGTPE]?)*)$/

/**
 * Reads memory for CMA as the kernel does: `2G` or `0:2G,1:2G`. Throws E_USAGE for another text.
 */
export const parseCma = (text: string): string => {
  if (cmaPattern.test(text)) return text
  throw usage(
    `'${text}' is not memory as the kernel takes it`,
    'cma is written as "2G" or "0:2G,1:2G"; a share is known from Linux 7.3 on alone',
  )
}
