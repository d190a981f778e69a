import type { Pool } from '../pools/machine.ts'
import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import { plural } from '../words/plural.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'
import { type FileCount, filesWords, mountedElsewhere, type OtherMount } from './umount-change.ts'
import { busySentence, type Holders } from './umount-holder.ts'

/** What a removal would do, as far as it can be known before. */
export interface UmountForecast {
  readonly mount: HugetlbfsMount
  readonly lazy: boolean
  /** The files that it has; absent where permission to look is missing, and for a recording. */
  readonly files?: FileCount
  readonly holders: Holders
  /** The other places where the same file system is mounted. */
  readonly elsewhere: readonly OtherMount[]
  /** The pool of its pages; absent where it cannot be read. */
  readonly pool?: Pool
}

/**
 * Whether the file system is certain to live on. A mount in another namespace does not make it so,
 * because the removal may propagate there.
 */
const livesOnSurely = ({ lazy, holders, elsewhere }: UmountForecast): boolean =>
  (lazy && holders.found.length > 0) || elsewhere.some(({ process }) => process === undefined)

/** The files that would be destroyed. Undefined where they are not known, or would stay. */
export const lostFiles = (forecast: UmountForecast): FileCount | undefined =>
  livesOnSurely(forecast) ? undefined : forecast.files

/** The reservation of `min_size` that the files have not used up. */
const minimumLeft = ({ mount, files }: UmountForecast): Pages =>
  atLeastNone((mount.minSize ?? 0n) / mount.pageSize - (files?.pages ?? 0n))

const leavingWords = ({ pool }: UmountForecast, pages: Pages): string => {
  const leaving = fewer(pages, pool?.surplus ?? 0n)
  return leaving > 0n
    ? `; up to ${plural(leaving, 'page')} would leave the pool, for it has surplus pages`
    : ''
}

const lostWords = (forecast: UmountForecast): readonly string[] => {
  const { files, holders } = forecast
  const minimum = minimumLeft(forecast)
  const lost = files !== undefined && (files.files > 0n || files.pages > 0n)
  const named = holders.found.length > 0 ? ' once nobody holds it' : ''
  return [
    ...(lost
      ? [`${filesWords(files)} would be destroyed${named}${leavingWords(forecast, files.pages)}`]
      : []),
    ...(minimum > 0n ? [`the ${plural(minimum, 'page')} of its minimum size would be free`] : []),
  ]
}

const keptWords = ({ files }: UmountForecast): readonly string[] => [
  `it would live on, with ${files === undefined ? 'its files' : filesWords(files)}`,
]

/** Says what would be lost and what would stay, one sentence for each fact. */
export const forecastWords = (forecast: UmountForecast): readonly string[] => {
  const { mount, holders, elsewhere } = forecast
  const facts = [
    ...elsewhere.map(mountedElsewhere),
    ...(livesOnSurely(forecast) ? keptWords(forecast) : lostWords(forecast)),
  ]
  return [
    ...(holders.found.length > 0 ? [busySentence(mount.target, holders)] : []),
    ...facts.map((words) => `${mount.target}: ${words}`),
  ]
}
