import type { PageProgress } from '../model/page-progress.ts'
import type { Streams } from './streams.ts'

/** Work that takes less time than this shows no progress. */
export const silentGrowthMilliseconds = 1000
const clearLine = '\r\u001b[K'

/**
 * Shows a line on stderr where that is a terminal. The line is overwritten while a pool grows and
 * cleared at the end.
 */
export const progressLine = (streams: Streams, clock: () => number) => {
  let label: string | undefined
  let started = 0
  let shown = false
  const begin = (growth: PageProgress): void => {
    label = growth.label
    started = clock()
  }
  return {
    show: (growth: PageProgress): void => {
      if (growth.label !== label) begin(growth)
      if (!streams.errIsTerminal || clock() - started < silentGrowthMilliseconds) return
      shown = true
      streams.err(`${clearLine}${growth.label}: ${growth.obtained} of ${growth.requested} pages`)
    },
    clear: (): void => {
      if (shown) streams.err(clearLine)
      shown = false
    },
  }
}
