import { metricFamilies } from '../../src/model/telemetry/metric-table.ts'
import type { MetricsFacts } from '../../src/model/telemetry/metrics-facts.ts'

/** A look that found nothing but what is given. */
export const metricsFacts = (found: Partial<MetricsFacts> = {}): MetricsFacts => ({
  version: '1.2.3',
  pools: [],
  mounts: [],
  runs: [],
  ...found,
})

/** The samples of a family, as `2M 1: 5`: the values of its labels, then its own. */
export const samplesOf = (name: string, facts: MetricsFacts): readonly string[] => {
  const family = metricFamilies.find((one) => one.name === name)
  if (family === undefined) throw new Error(`there is no ${name}`)
  return family.samples(facts).map(({ labels, value }) => {
    const given = Object.keys(labels)
    if (given.join() !== family.labels.join()) throw new Error(`${name} has labels ${given}`)
    return `${Object.values(labels).join(' ')}: ${value}`
  })
}
