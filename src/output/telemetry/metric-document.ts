import type { FilledFamily } from '../../model/telemetry/metric-table.ts'
import { present } from '../../model/words/present.ts'
import type { MetricDocument } from '../schemas/documents.ts'

/** A family with its samples, whose counts have all their digits. */
export const metricDocument = ({ name, type, unit, help, samples }: FilledFamily): MetricDocument =>
  present({ name, type, unit, help, samples })
