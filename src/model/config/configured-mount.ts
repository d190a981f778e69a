import { usage } from '../../errors.ts'
import { type MountLimit, roundedLimit } from '../mounts/mount-limit.ts'
import { formatAmount } from '../words/bytes.ts'
import { roundedPages, wholePages } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { type ConfigFault, faultsOf } from './config-fault.ts'
import type { MountKeys } from './config-schema.ts'
import type { ConfiguredMount } from './configuration.ts'

const limitIn = (table: MountKeys, key: 'size' | 'min-size'): MountLimit | undefined => {
  const limit = table[key]
  return limit && roundedLimit(limit, table.round)
}

/**
 * Returns the whole pages of a limit; undefined for a share, of which only a machine makes pages.
 * Throws E_USAGE for what is no whole number of pages, or less than one.
 */
const limitPages = (limit: MountLimit | undefined, size: PageSize): bigint | undefined => {
  if (limit?.kind !== 'memory') return undefined
  const { bytes, round } = limit
  const pages = round === undefined ? wholePages(bytes, size) : roundedPages(bytes, size, round)
  if (pages > 0n) return pages
  throw usage(
    `${formatAmount(bytes)} is less than a page of ${formatSize(size)}`,
    `the least is ${formatSize(size)}`,
    'not-whole',
  )
}

const checkOrder = (table: MountKeys, size: PageSize): void => {
  const most = limitPages(limitIn(table, 'size'), size)
  const least = limitPages(limitIn(table, 'min-size'), size)
  if (most !== undefined && least !== undefined && least > most)
    throw usage('is more than size', 'size is what the files may take at most')
}

/** Finds what the merged table of a mount says that no machine can make. */
export const mountFaults = (target: string, table: MountKeys): readonly ConfigFault[] => {
  const at = (key: string) => ['mounts', target, key]
  const size = table['page-size']
  if (size === undefined)
    return [
      {
        path: at('page-size'),
        message: 'has no page-size',
        hint: 'name it: the default is another one with another kernel command line',
      },
    ]
  const limits = (['size', 'min-size'] as const).flatMap((key) =>
    faultsOf(at(key), () => limitPages(limitIn(table, key), size)),
  )
  return limits.length > 0 ? limits : faultsOf(at('min-size'), () => checkOrder(table, size))
}

/** Makes a mount of its merged table, in which `mountFaults` has found no fault. */
export const configuredMount = (target: string, table: MountKeys): ConfiguredMount => ({
  request: present({
    target,
    pageSize: table['page-size'] ?? 'default',
    size: limitIn(table, 'size'),
    minSize: limitIn(table, 'min-size'),
    inodes: table['nr-inodes'],
    user: table.uid,
    group: table.gid,
    mode: table.mode,
    flagWords: table.options ?? '',
  }),
  mkdir: table.mkdir ?? false,
  over: table.over ?? false,
})
