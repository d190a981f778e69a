import { approximateBytes } from './bytes.ts'
import type { Pages } from './count.ts'
import type { PageSize } from './page-size.ts'

/** What touching came to, over all mappings and processes. */
export interface Touching {
  readonly pages: Pages
  /** Of the clock, while pages were being touched. */
  readonly seconds: number
  readonly threads: number
}

/** Rates of less than a microsecond are noise. */
const perSecond = (amount: bigint, seconds: number): bigint =>
  (amount * 1_000_000n) / BigInt(Math.max(Math.round(seconds * 1e6), 1))

export const pagesPerSecond = ({ pages, seconds }: Touching): bigint => perSecond(pages, seconds)

export const bytesPerSecond = ({ pages, seconds }: Touching, size: PageSize): bigint =>
  perSecond(pages * size, seconds)

/** `16 pages (32M) in 0.012 s by 2 threads: 1333 pages/s, 2.6G/s` */
export const speedWords = (touching: Touching, size: PageSize): string => {
  const { pages, seconds, threads } = touching
  const memory = approximateBytes(pages * size)
  const by = threads === 1 ? 'one thread' : `${threads} threads`
  const rates = `${pagesPerSecond(touching)} pages/s, ${approximateBytes(bytesPerSecond(touching, size))}/s`
  return `touched ${pages} ${pages === 1n ? 'page' : 'pages'} (${memory}) in ${seconds.toFixed(3)} s by ${by}: ${rates}`
}
