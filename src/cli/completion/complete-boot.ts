import { formatSeries, seriesRanges } from '../../model/boot/kernel-series.ts'
import { usualArchitecture } from '../../model/words/architecture.ts'
import { basePagesOf } from '../../model/words/architecture-sizes.ts'
import { formatBytes } from '../../model/words/bytes.ts'
import { formatSize } from '../../model/words/page-size.ts'
import {
  archOption,
  basePageOption,
  checkLineOption,
  defaultSizeOption,
  kernelOption,
} from '../options/boot-option.ts'
import { begun, type Completer } from './candidates.ts'

/** Offers the first series of each range that reads a line in its own way. */
const series: Completer = (typed, { switches }) =>
  begun(typed, [
    ...seriesRanges.map(({ from }) => ({ text: formatSeries(from) })),
    ...(switches.has(checkLineOption.name) ? [{ text: 'all', help: 'every kernel' }] : []),
  ])

const basePages: Completer = (typed, { values }) =>
  begun(
    typed,
    basePagesOf(usualArchitecture(values[archOption.name] ?? '')).map((page) => ({
      text: formatBytes(page),
    })),
  )

const defaultSizes: Completer = (typed, _, facts) =>
  begun(
    typed,
    facts.sizes().map((size) => ({ text: formatSize(size) })),
  )

/** Completers for the options of `boot`. */
export const bootValues: Readonly<Record<string, Completer>> = {
  [kernelOption.name]: series,
  [basePageOption.name]: basePages,
  [defaultSizeOption.name]: defaultSizes,
}
