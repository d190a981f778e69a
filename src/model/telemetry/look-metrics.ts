import { isAmiss } from '../config/whole-state.ts'
import type { MetricFamily } from './metric-family.ts'

/** Whether the machine is as its configuration wants it, and how the look itself went. */
export const lookMetrics: readonly MetricFamily[] = [
  {
    name: 'hugepool_config_drift',
    type: 'gauge',
    help: 'Whether the machine differs from this key of its configuration (1) or not (0), as hugepool check tells.',
    labels: ['key'],
    samples: ({ items = [] }) => {
      const keys = new Map<string, bigint>()
      for (const item of items) keys.set(item.key, isAmiss(item) ? 1n : (keys.get(item.key) ?? 0n))
      return [...keys].map(([key, value]) => ({ labels: { key }, value }))
    },
  },
  {
    name: 'hugepool_build_info',
    type: 'gauge',
    help: 'The version of hugepool; always 1.',
    labels: ['version'],
    samples: ({ version }) => [{ labels: { version }, value: 1 }],
  },
  {
    name: 'hugepool_collector_success',
    type: 'gauge',
    help: 'Whether all of this part could be read (1) or not (0).',
    labels: ['collector'],
    samples: ({ runs }) =>
      runs.map(({ collector, success }) => ({ labels: { collector }, value: success ? 1 : 0 })),
  },
  {
    name: 'hugepool_collector_duration_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'How long it took to read this part.',
    labels: ['collector'],
    samples: ({ runs }) =>
      runs.map(({ collector, seconds }) => ({ labels: { collector }, value: seconds })),
  },
]
