import type { Streams } from './streams.ts'

interface Growth {
  readonly label: string
  readonly obtained: bigint
  readonly requested: bigint
}

/** What takes less needs no progress. */
const silentMilliseconds = 1000
const clearLine = '\r\u001b[K'

/** A line on a terminal's stderr that is overwritten as a growth goes on, and cleared at its end. */
export const progressLine = (streams: Streams, clock: () => number) => {
  const started = clock()
  let shown = false
  return {
    show: ({ label, obtained, requested }: Growth): void => {
      if (!streams.errIsTerminal || clock() - started < silentMilliseconds) return
      shown = true
      streams.err(`${clearLine}${label}: ${obtained} of ${requested} pages`)
    },
    clear: (): void => {
      if (shown) streams.err(clearLine)
      shown = false
    },
  }
}
