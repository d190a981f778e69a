import * as z from 'zod'
import { documentSchema, proseKey } from './parts.ts'

export const metricPart = z.strictObject({
  name: z.string().min(1).describe('the name of the family, with its unit'),
  type: z.enum(['gauge', 'counter']).describe('whether the value goes up and down, or only up'),
  unit: z
    .enum(['pages', 'bytes', 'seconds'])
    .optional()
    .describe('what the values count; absent where it is nothing of these'),
  help: proseKey('what it tells'),
  samples: z
    .array(
      z.strictObject({
        labels: z.record(z.string(), z.string()).describe('what the value is of'),
        value: z.union([z.bigint(), z.number()]).describe('the value, in the unit of the family'),
      }),
    )
    .min(1)
    .describe('its values'),
})

export const metricsSchema = documentSchema({
  metrics: z.array(metricPart).optional().describe('the families that have values'),
  alerts: z.string().min(1).optional().describe('with --alerts: the rules, as a text of YAML'),
  dashboard: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('with --dashboard: what Grafana imports'),
})
