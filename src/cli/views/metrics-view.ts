import type { Json } from '../../model/json.ts'
import type { ExportedMetrics } from '../../operations/telemetry/export-metrics.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { metricDocument } from '../../output/telemetry/metric-document.ts'
import type { View } from '../../output/view.ts'

/** The result of `metrics`; `words` say what could not be read of the machine. */
export type MetricsResult =
  | ExportedMetrics
  /** The metrics were served until a signal came. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'alerts'; readonly text: string }
  | { readonly kind: 'dashboard'; readonly dashboard: Readonly<Record<string, Json>> }

type MetricsView = View<Document<'metrics'>>

const withoutNewline = (text: string): string => text.replace(/\n$/, '')

const resultParts = (result: MetricsResult): Pick<MetricsView, 'lines' | 'document'> => {
  switch (result.kind) {
    case 'metrics':
      return {
        lines: [withoutNewline(result.text)],
        document: () => ({ metrics: result.families.map(metricDocument) }),
      }
    case 'written':
    case 'ended':
      return { lines: [], document: () => ({}) }
    case 'alerts':
      return {
        lines: [withoutNewline(result.text)],
        document: () => ({ alerts: result.text }),
      }
    case 'dashboard':
      return {
        lines: [JSON.stringify(result.dashboard, undefined, 2)],
        document: () => ({ dashboard: result.dashboard }),
      }
  }
}

export const metricsView = (result: MetricsResult): MetricsView => {
  const words = 'words' in result ? result.words : []
  return { ...resultParts(result), words, hints: [], partial: words.length > 0 }
}
