import { Counter, Gauge, Registry, type RegistryContentType } from 'prom-client'
import { visible } from '../../model/etc/octal-escapes.ts'
import type { FilledFamily } from '../../model/telemetry/metric-table.ts'

/** The formats of metrics, and by what names HTTP knows them. */
export const metricsFormats = {
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
} as const

export type MetricsFormat = keyof typeof metricsFormats

type Labels = Readonly<Record<string, string>>

/**
 * Escapes control characters in the values of labels. The format itself escapes no more than the
 * end of a line, and strangers choose names of cgroups and paths of mounts.
 */
const visibleLabels = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, visible(value)]))

type AnyRegistry = Registry<RegistryContentType>

/** A value of Prometheus is a 64-bit floating point number, in which a count above 2^53 is not exact. */
const registered = (
  { name, type, help, labels, samples }: FilledFamily,
  registry: AnyRegistry,
): void => {
  const settings = { name, help, labelNames: [...labels], registers: [registry] }
  if (type === 'counter') {
    const counter = new Counter(settings)
    for (const { labels: own, value } of samples) counter.inc(visibleLabels(own), Number(value))
  } else {
    const gauge = new Gauge(settings)
    for (const { labels: own, value } of samples) gauge.set(visibleLabels(own), Number(value))
  }
}

/** Writes families as text. OpenMetrics calls the family of a counter by its name without `_total`. */
export const metricsText = (
  families: readonly FilledFamily[],
  format: MetricsFormat,
): Promise<string> => {
  const registry: AnyRegistry = new Registry<RegistryContentType>()
  registry.setContentType(metricsFormats[format])
  for (const family of families) registered(family, registry)
  return registry.metrics()
}
