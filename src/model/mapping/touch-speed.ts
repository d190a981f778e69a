import { formatBytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'

/** The totals of touching, over all mappings and processes. */
export interface TouchTotals {
  readonly pages: Pages
  /** The elapsed seconds while pages were being touched. */
  readonly seconds: number
  /** The number of threads of each process. */
  readonly threads: number
  /** The number of processes where several touched their shares one after the other. */
  readonly processes?: number
  /**
   * The pages that MAP_POPULATE faulted in, to which the rates refer; absent where it faulted in
   * none.
   */
  readonly populated?: Pages
  /**
   * True for the memory of a device driver, where the cost of a touch says nothing about huge
   * pages.
   */
  readonly isDevice?: true
}

/**
 * Computes a rate. Less than a microsecond counts as one, because so short a time is noise.
 */
const perSecond = (amount: bigint, seconds: number): bigint =>
  (amount * 1_000_000n) / BigInt(Math.max(Math.round(seconds * 1e6), 1))

const timed = ({ pages, populated }: TouchTotals): Pages => populated ?? pages

/** Returns pages per second, with hundredths below ten because pages of 1G come slowly. */
export const pagesPerSecond = (touching: TouchTotals): bigint | number => {
  const hundredths = perSecond(timed(touching) * 100n, touching.seconds)
  return hundredths < 1000n ? Number(hundredths) / 100 : hundredths / 100n
}

export const bytesPerSecond = (touching: TouchTotals, size: PageSize): bigint =>
  perSecond(timed(touching) * size, touching.seconds)

/**
 * Writes seconds with three significant digits, because touching a few pages takes microseconds.
 */
const secondsText = (seconds: number): string =>
  seconds >= 0.9995 ? seconds.toFixed(2) : `${Number(Math.max(seconds, 1e-6).toPrecision(3))}`

const rateUnits = ['', 'K', 'M', 'G', 'T'] as const

/** Writes a rate with at most three digits. Nobody types it, so it may have a fraction. */
const rateText = (bytes: bigint): string => {
  let power = 0
  while (power < rateUnits.length - 1 && bytes >= 1024n ** BigInt(power + 1)) power += 1
  const tenths = (bytes * 10n) / 1024n ** BigInt(power)
  const [whole, rest] = [tenths / 10n, tenths % 10n]
  return whole >= 100n || rest === 0n
    ? `${whole}${rateUnits[power]}`
    : `${whole}.${rest}${rateUnits[power]}`
}

/** Returns `16 pages (32M) in 0.012 s by 2 threads: 1333 pages/s, 2.6G/s`, for a sentence. */
export const speedWords = (touching: TouchTotals, size: PageSize): string => {
  const { seconds, threads, processes, isDevice, populated } = touching
  const pages = timed(touching)
  if (isDevice)
    return `touched the device at ${plural(pages, 'place')}, one in each ${formatSize(size)}`
  const did = populated === undefined ? 'touched' : 'populated'
  const memory = formatBytes(pages * size)
  const each = threads === 1 ? 'one thread' : `${threads} threads`
  const by =
    processes === undefined
      ? each
      : `${plural(processes, 'process', 'processes')} in turn, ${each} each`
  const rates = `${pagesPerSecond(touching)} pages/s, ${rateText(bytesPerSecond(touching, size))}/s`
  return `${did} ${plural(pages, 'page')} (${memory}) in ${secondsText(seconds)} s by ${by}: ${rates}`
}
