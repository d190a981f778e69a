import t from 'tap'
import { metricDocument } from '../../../src/output/telemetry/metric-document.ts'

t.test('a family without a unit has no such key, and no labels beside its samples', async (t) => {
  const family = {
    name: 'x_refusals_total',
    type: 'counter',
    help: 'How often.',
    labels: ['cgroup'],
    samples: [{ labels: { cgroup: '/a' }, value: 2n ** 60n }],
  } as const
  t.strictSame(metricDocument(family), {
    name: 'x_refusals_total',
    type: 'counter',
    help: 'How often.',
    samples: [{ labels: { cgroup: '/a' }, value: 2n ** 60n }],
  })
  t.strictSame(metricDocument({ ...family, unit: 'pages' }).unit, 'pages')
})
