import { visible } from '../model/etc/octal-escapes.ts'
import type { PageProgress } from '../model/page-progress.ts'
import { plural } from '../model/words/plural.ts'
import type { Streams } from './streams.ts'

/** Work that takes less time than this shows no progress. */
export const silentMilliseconds = 1000
/**
 * The least time between two lines, because a screen reader or a slow line takes no more of them.
 */
const intervalMilliseconds = 500
const clearLine = '\r\u001b[K'

/** A dumb terminal can neither overwrite nor clear a line. */
const overwrites = ({ errIsTerminal, environment }: Streams): boolean =>
  errIsTerminal && environment.TERM !== 'dumb'

/**
 * Shows a line on stderr where that is a terminal and progress is `wanted`. The line is overwritten
 * while the work goes on and cleared at the end.
 */
export const progressLine = (streams: Streams, clock: () => number, wanted: boolean) => {
  let label: string | undefined
  /** When the next line may be shown, in milliseconds of the clock. */
  let due = 0
  let shown = false
  const begin = (progress: PageProgress): void => {
    label = progress.label
    due = clock() + silentMilliseconds
  }
  return {
    show: (progress: PageProgress): void => {
      if (!wanted || !overwrites(streams)) return
      if (progress.label !== label) begin(progress)
      if (clock() < due) return
      due = clock() + intervalMilliseconds
      shown = true
      const { obtained, requested } = progress
      const far =
        requested === undefined
          ? plural(obtained, 'page')
          : `${obtained} of ${plural(requested, 'page')}`
      streams.err(`${clearLine}${visible(progress.label)}: ${far}`)
    },
    clear: (): void => {
      if (shown) streams.err(clearLine)
      shown = false
    },
  }
}
