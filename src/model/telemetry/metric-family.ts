import type { Bytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import type { MetricsFacts } from './metrics-facts.ts'

/** One line of a family: its labels, and its value in the unit of the family. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: bigint | number
}

/** What a family of metrics is called and tells, apart from its values. */
export interface MetricName {
  /** The whole name, which ends with the unit, or of a counter with `_total`. */
  readonly name: string
  readonly type: 'gauge' | 'counter'
  readonly unit?: 'pages' | 'bytes' | 'seconds'
  /** A sentence without double quotes, which OpenMetrics escapes and Prometheus does not. */
  readonly help: string
  readonly labels: readonly string[]
}

/** A family of metrics, and how its samples are computed. It has none where nothing shows the value. */
export interface MetricFamily extends MetricName {
  readonly samples: (facts: MetricsFacts) => readonly MetricSample[]
}

/** Makes the sample of a value. One that is unknown has no sample, and never the value 0. */
export const sampleOf = (
  labels: Readonly<Record<string, string>>,
  value: bigint | undefined,
): readonly MetricSample[] => (value === undefined ? [] : [{ labels, value }])

export const sizeLabel = (size: PageSize): { readonly pagesize: string } => ({
  pagesize: formatSize(size),
})

/** A count of pages of a size, with the labels of whose pages they are. */
export interface CountedPages {
  readonly labels: Readonly<Record<string, string>>
  readonly size: PageSize
  readonly pages: Pages | undefined
}

/**
 * The two families of a count: of pages, as the kernel counts them, and of bytes, which can be added up
 * over page sizes. `name` and `help` are without the unit.
 */
export const inPagesAndBytes = (
  { name, help, labels }: Pick<MetricName, 'name' | 'help' | 'labels'>,
  counts: (facts: MetricsFacts) => readonly CountedPages[],
): readonly MetricFamily[] => {
  const family = (
    unit: 'pages' | 'bytes',
    what: string,
    value: (pages: Pages, size: PageSize) => Pages | Bytes,
  ): MetricFamily => ({
    name: `${name}_${unit}`,
    type: 'gauge',
    unit,
    help: `${what} ${help}.`,
    labels,
    samples: (facts) =>
      counts(facts).flatMap(({ labels: own, size, pages }) =>
        sampleOf(own, pages === undefined ? undefined : value(pages, size)),
      ),
  })
  return [
    family('pages', 'Pages', (pages) => pages),
    family('bytes', 'Bytes of pages', (pages, size) => pages * size),
  ]
}
