import type { Streams } from './streams.ts'

interface ShownProgress {
  readonly label: string
  readonly obtained: bigint
  readonly requested: bigint
}

/** What takes less needs no progress. */
export const silentGrowthMilliseconds = 1000
const clearLine = '\r\u001b[K'

/** A line on a terminal's stderr that is overwritten as a growth goes on, and cleared at its end. */
export const progressLine = (streams: Streams, clock: () => number) => {
  let label: string | undefined
  let started = 0
  let shown = false
  const begin = (growth: ShownProgress): void => {
    label = growth.label
    started = clock()
  }
  return {
    show: (growth: ShownProgress): void => {
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
