import { writeMetricsFile } from '../../kernel/telemetry/metrics-file.ts'
import { type FilledFamily, filledFamilies } from '../../model/telemetry/metric-table.ts'
import type { Ports } from '../ports.ts'
import { gatherMetrics, type MetricsRequest } from './gather-metrics.ts'

/** What metrics are to tell of, and the version of the program that tells it. */
export interface FamiliesRequest extends MetricsRequest {
  readonly version: string
}

/** The metrics of one look, and what could not be read of the machine. */
export interface MetricFamilies {
  readonly families: readonly FilledFamily[]
  readonly words: readonly string[]
}

/** The metrics of one look as they are printed, or that they stand in the file that was asked for. */
export type ExportedMetrics =
  | (MetricFamilies & { readonly kind: 'metrics'; readonly text: string })
  | { readonly kind: 'written'; readonly words: readonly string[] }

/** Looks at the machine, and makes metrics of what was found. */
export const lookAtFamilies = async (
  ports: Ports,
  { version, ...request }: FamiliesRequest,
): Promise<MetricFamilies> => {
  const { facts, words } = await gatherMetrics(ports, request, version)
  return { families: filledFamilies(facts), words }
}

/**
 * Makes the text of the metrics of one look, which goes to the file `output` where one is named.
 * `textOf` knows the format.
 */
export const exportMetrics = async (
  ports: Ports,
  { output, ...request }: FamiliesRequest & { readonly output?: string },
  textOf: (families: readonly FilledFamily[]) => Promise<string>,
): Promise<ExportedMetrics> => {
  const { families, words } = await lookAtFamilies(ports, request)
  const text = await textOf(families)
  if (output === undefined) return { kind: 'metrics', families, text, words }
  writeMetricsFile(output, text, () => ports.did?.(output, `${output} written`))
  const without = words.length === 0 ? [] : [`${output} is written without that`]
  return { kind: 'written', words: [...words, ...without] }
}
