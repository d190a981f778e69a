import { type ListenAddress, parseListenAddress } from '../../model/telemetry/listen-address.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../../operations/ports.ts'
import type { MetricsFormat } from '../../output/telemetry/metrics-text.ts'
import { version } from '../../version.ts'
import { define, type Words } from '../command.ts'
import {
  alertsOption,
  cgroupsOption,
  dashboardOption,
  formatOption,
  holdersOption,
  listenOption,
  metricsFileOption,
} from '../options/metrics-option.ts'
import { parseMetricsFile, typedValue } from '../typed-values.ts'
import { type MetricsResult, metricsView } from '../views/metrics-view.ts'

interface TypedMetrics {
  /** The text that is printed without a look at the machine. */
  readonly prints?: 'alerts' | 'dashboard'
  readonly cgroups: boolean
  readonly holders: boolean
  readonly format: MetricsFormat
  readonly output?: string
  readonly listen?: ListenAddress
}

const resolve = (words: Words): TypedMetrics => {
  const { switches, values } = words
  const output = typedValue(words, metricsFileOption, parseMetricsFile)
  const prints = ([alertsOption, dashboardOption] as const).find(({ name }) => switches.has(name))
  return present({
    prints: prints?.name as TypedMetrics['prints'],
    cgroups: switches.has(cgroupsOption.name),
    holders: switches.has(holdersOption.name),
    format:
      output !== undefined || values[formatOption.name] === 'prometheus'
        ? ('prometheus' as const)
        : ('openmetrics' as const),
    output,
    listen: typedValue(words, listenOption, parseListenAddress),
  })
}

const printedText = async (prints: 'alerts' | 'dashboard'): Promise<MetricsResult> => {
  if (prints === 'alerts') {
    const { alertsText } = await import('../../model/telemetry/alert-rules.ts')
    return { kind: 'alerts', text: alertsText() }
  }
  const { dashboard } = await import('../../model/telemetry/dashboard.ts')
  return { kind: 'dashboard', dashboard: dashboard() }
}

const metricsOnce = async (request: TypedMetrics, ports: Ports): Promise<MetricsResult> => {
  const { metricsText } = await import('../../output/telemetry/metrics-text.ts')
  const { exportMetrics } = await import('../../operations/telemetry/export-metrics.ts')
  return exportMetrics(ports, { ...request, version }, (families) =>
    metricsText(families, request.format),
  )
}

const serve = async (
  request: TypedMetrics,
  address: ListenAddress,
  ports: Ports,
): Promise<MetricsResult> => {
  const { lookAtFamilies } = await import('../../operations/telemetry/export-metrics.ts')
  const { serveMetrics } = await import('../../operations/telemetry/serve-metrics.ts')
  const { metricsFormats, metricsText } = await import('../../output/telemetry/metrics-text.ts')
  await serveMetrics(ports, address, async () => {
    const { families } = await lookAtFamilies(ports, { ...request, version })
    const inFormat = async (format: MetricsFormat) => ({
      status: 200,
      type: metricsFormats[format],
      text: await metricsText(families, format),
    })
    return { openmetrics: await inFormat('openmetrics'), prometheus: await inFormat('prometheus') }
  })
  return { kind: 'ended' }
}

export const metricsCommand = define<'metrics', TypedMetrics, MetricsResult>({
  details: [
    'Pools, nodes, mounts and, where there is a configuration, whether the machine differs from it,',
    'for Prometheus. Names, units and labels are in hugepool-metrics(8) and stay as they are.',
    'Needs no privilege; what cannot be seen without it has no line.',
  ],
  operands: { usage: '', least: 0, most: 0, completes: 'file' },
  options: [
    cgroupsOption,
    holdersOption,
    formatOption,
    metricsFileOption,
    listenOption,
    alertsOption,
    dashboardOption,
  ],
  columns: [],
  examples: [
    { line: 'hugepool metrics', meaning: 'all pools, nodes and mounts' },
    { line: 'hugepool metrics --cgroups --holders', meaning: 'and who has the pages' },
    {
      line: 'hugepool metrics -o /var/lib/prometheus/node-exporter/hugepool.prom',
      meaning: 'for node_exporter',
    },
    { line: 'hugepool metrics --listen 9786', meaning: 'for Prometheus, over HTTP' },
    { line: 'hugepool metrics --alerts > hugepool.rules.yml', meaning: 'for Prometheus' },
    { line: 'hugepool metrics --dashboard > hugepool.json', meaning: 'for Grafana' },
  ],
  resolve,
  run: async (request, ports) => {
    const { prints, listen } = request
    if (prints !== undefined) return printedText(prints)
    return listen === undefined ? metricsOnce(request, ports) : serve(request, listen, ports)
  },
  view: metricsView,
})
