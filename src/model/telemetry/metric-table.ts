import { cgroupMetrics } from './cgroup-metrics.ts'
import { holderMetrics } from './holder-metrics.ts'
import { lookMetrics } from './look-metrics.ts'
import type { MetricFamily, MetricName, MetricSample } from './metric-family.ts'
import type { MetricsFacts } from './metrics-facts.ts'
import { mountMetrics } from './mount-metrics.ts'
import { poolMetrics } from './pool-metrics.ts'

/** All families, in the order in which they are printed. Their names are stable. */
export const metricFamilies: readonly MetricFamily[] = [
  ...poolMetrics,
  ...mountMetrics,
  ...cgroupMetrics,
  ...holderMetrics,
  ...lookMetrics,
]

/** A family with the values of one look. */
export interface FilledFamily extends MetricName {
  readonly samples: readonly MetricSample[]
}

/** The families that have values, with them. */
export const filledFamilies = (facts: MetricsFacts): readonly FilledFamily[] =>
  metricFamilies
    .map((family) => ({ ...family, samples: family.samples(facts) }))
    .filter(({ samples }) => samples.length > 0)
