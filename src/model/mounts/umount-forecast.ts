import type { Pool } from '../pools/machine.ts'
import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { present } from '../words/present.ts'
import { busySentence } from './holder-lines.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'
import type { FatedMount, MountFate } from './propagation.ts'
import { type FileCount, filesWords, mountedElsewhere } from './umount-change.ts'
import type { Holders } from './umount-holder.ts'

/** What a removal would do, as far as it can be known before. */
export interface UmountForecast {
  readonly mount: HugetlbfsMount
  readonly lazy: boolean
  /** A recording has no processes and no other mount namespaces. */
  readonly recorded: boolean
  /** The files that it has; absent where permission to look is missing, and for a recording. */
  readonly files?: FileCount
  readonly holders: Holders
  /** The other mounts of the same file system. */
  readonly elsewhere: readonly FatedMount[]
  /** The pool of its pages; absent where it cannot be read. */
  readonly pool?: Pool
}

/**
 * What becomes of a file system, with its files and its guarantee, when a mount of it is removed.
 */
export type FileSystemFate = 'kept' | 'destroyed' | 'unknown'

/**
 * Foretells what becomes of a file system. Holders keep it in any case: they make umount(2) fail,
 * or keep the file system when it is mounted nowhere any more. Processes that could not be examined
 * do not count, because with one of them no answer would be certain.
 */
export const fileSystemFate = (forecast: UmountForecast): FileSystemFate => {
  const { recorded, holders, elsewhere } = forecast
  if (holders.found.length > 0 || elsewhere.some(({ fate }) => fate === 'stays')) return 'kept'
  return recorded || elsewhere.some(({ fate }) => fate === 'unknown') ? 'unknown' : 'destroyed'
}

/** Returns the pages that `min_size` reserves and that the files have not used up. */
const minimumLeft = ({ mount, files }: UmountForecast): Pages =>
  atLeastNone((mount.minSize ?? 0n) / mount.pageSize - (files?.pages ?? 0n))

/** What would come back to the pool when the file system is destroyed. */
export interface ExpectedReturn {
  readonly pageSize: PageSize
  /** The pages of its files; absent where they are not known. */
  readonly pages?: Pages
  readonly reservations: Pages
  /**
   * The pages that may leave the pool at most, in use or reserved now: each leaves while there is
   * surplus (free_huge_folio and return_unused_surplus_pages in mm/hugetlb.c). Absent where the
   * pool cannot be read.
   */
  readonly leavingPool?: Pages
}

/** Returns what would come back to the pool; undefined where the file system will live on. */
export const expectedReturn = (forecast: UmountForecast): ExpectedReturn | undefined => {
  if (fileSystemFate(forecast) === 'kept') return undefined
  const { mount, files, pool } = forecast
  const reservations = minimumLeft(forecast)
  const freed = (files?.pages ?? 0n) + reservations
  return present({
    pageSize: mount.pageSize,
    pages: files?.pages,
    reservations,
    leavingPool: pool && fewer(freed, pool.surplus),
  })
}

const hasAny = ({ files, pages }: FileCount): boolean => files > 0n || pages > 0n

const lostWords = (forecast: UmountForecast, would: 'would' | 'may'): readonly string[] => {
  const { files, mount } = forecast
  const { reservations = 0n, leavingPool = 0n } = expectedReturn(forecast) ?? {}
  const lost = files !== undefined && hasAny(files)
  const pool = `the pool of ${formatSize(mount.pageSize)}`
  return [
    ...(lost ? [`${filesWords(files)} ${would} be destroyed`] : []),
    ...(reservations > 0n
      ? [`the ${plural(reservations, 'page')} of its minimum size ${would} no longer be reserved`]
      : []),
    ...(leavingPool > 0n
      ? [
          `up to ${plural(leavingPool, 'surplus page')} ${would} leave ${pool} for the rest of memory`,
        ]
      : []),
  ]
}

const keptFiles = ({ files }: UmountForecast): string => {
  if (files === undefined) return 'its files'
  return hasAny(files) ? filesWords(files) : 'no file'
}

const keptWords = (forecast: UmountForecast): readonly string[] => [
  `it would live on, with ${keptFiles(forecast)}`,
]

const wordsOfFate: Readonly<Record<MountFate, string>> = {
  stays: '',
  goes: ', and removed there too, for mounts propagate',
  unknown: '; whether it is removed there too cannot be seen',
}

const factsOf = (forecast: UmountForecast): readonly string[] => {
  const fate = fileSystemFate(forecast)
  if (fate === 'kept') return keptWords(forecast)
  return lostWords(forecast, fate === 'unknown' ? 'may' : 'would')
}

/** Says what would be lost and what would stay, one sentence for each fact. */
export const forecastWords = (forecast: UmountForecast): readonly string[] => {
  const { mount, holders, elsewhere } = forecast
  const facts = [
    ...elsewhere.map((other) => `${mountedElsewhere(other)}${wordsOfFate[other.fate]}`),
    ...factsOf(forecast),
  ]
  return [
    ...(holders.found.length > 0 ? [busySentence(mount.target, holders)] : []),
    ...facts.map((words) => `${mount.target}: ${words}`),
  ]
}
