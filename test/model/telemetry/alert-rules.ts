import t from 'tap'
import { alertRules, alertsText } from '../../../src/model/telemetry/alert-rules.ts'
import { metricFamilies } from '../../../src/model/telemetry/metric-table.ts'
import { lines } from '../../helpers/on-fake.ts'

t.test('the file that Prometheus reads', async (t) => {
  t.equal(
    alertsText(),
    lines(
      'groups:',
      '  - name: hugepool',
      '    rules:',
      '      - alert: HugepoolDrift',
      "        expr: 'hugepool_config_drift == 1'",
      '        for: 5m',
      '        labels:',
      '          severity: warning',
      '        annotations:',
      "          summary: '{{ $labels.instance }} differs from its configuration in {{ $labels.key }}'",
      "          description: '''hugepool check'' says how, and ''hugepool apply'' makes the machine as it is configured.'",
      '      - alert: HugepoolExhausted',
      "        expr: 'hugepool_pool_available_pages == 0 and hugepool_pool_total_pages > 0 unless hugepool_pool_overcommit_pages > hugepool_pool_surplus_pages'",
      '        for: 10m',
      '        labels:',
      '          severity: warning',
      '        annotations:',
      "          summary: '{{ $labels.instance }} has no {{ $labels.pagesize }} page for a new mapping'",
      "          description: '''hugepool who'' says who holds the pages, and ''hugepool resize'' makes more.'",
      '      - alert: HugepoolRefused',
      "        expr: 'increase(hugepool_cgroup_failures_total[15m]) > 0 or (hugepool_cgroup_failures_total > 0 unless hugepool_cgroup_failures_total offset 15m)'",
      '        labels:',
      '          severity: warning',
      '        annotations:',
      "          summary: 'A limit of a cgroup refused {{ $labels.pagesize }} pages on {{ $labels.instance }}'",
      "          description: 'The cgroup is {{ $labels.cgroup }}. Its limit or that of one above it is too small; ''hugepool doctor'' names it.'",
    ),
  )
})

t.test('every family that is asked for exists', async (t) => {
  const known = metricFamilies.map(({ name }) => name)
  const asked = alertRules.flatMap(({ query }) => query.match(/hugepool_\w+/g) ?? [])
  t.equal(asked.length, 8)
  t.strictSame(
    asked.filter((name) => !known.includes(name)),
    [],
  )
})
