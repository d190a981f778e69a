import t from 'tap'
import type { FilledFamily } from '../../../src/model/telemetry/metric-table.ts'
import { metricsFormats, metricsText } from '../../../src/output/telemetry/metrics-text.ts'
import { lines } from '../../helpers/on-fake.ts'

const families: readonly FilledFamily[] = [
  {
    name: 'x_free_pages',
    type: 'gauge',
    unit: 'pages',
    help: 'Pages that are free.',
    labels: ['pagesize'],
    samples: [
      { labels: { pagesize: '2M' }, value: 3n },
      { labels: { pagesize: '1G' }, value: -1n },
    ],
  },
  {
    name: 'x_refusals_total',
    type: 'counter',
    help: 'How often it was refused.',
    labels: ['cgroup'],
    samples: [{ labels: { cgroup: '/a "b"\\c\nd' }, value: 2n ** 53n }],
  },
  {
    name: 'x_seconds',
    type: 'gauge',
    help: 'How long.',
    labels: [],
    samples: [{ labels: {}, value: 0.25 }],
  },
]

t.test('OpenMetrics', async (t) => {
  t.equal(
    await metricsText(families, 'openmetrics'),
    lines(
      '# HELP x_free_pages Pages that are free.',
      '# TYPE x_free_pages gauge',
      'x_free_pages{pagesize="2M"} 3',
      'x_free_pages{pagesize="1G"} -1',
      '# HELP x_refusals How often it was refused.',
      '# TYPE x_refusals counter',
      'x_refusals_total{cgroup="/a \\"b\\"\\\\c\\\\012d"} 9007199254740992',
      '# HELP x_seconds How long.',
      '# TYPE x_seconds gauge',
      'x_seconds 0.25',
      '# EOF',
    ),
  )
})

t.test('the text of Prometheus', async (t) => {
  t.equal(
    await metricsText(families, 'prometheus'),
    lines(
      '# HELP x_free_pages Pages that are free.',
      '# TYPE x_free_pages gauge',
      'x_free_pages{pagesize="2M"} 3',
      'x_free_pages{pagesize="1G"} -1',
      '',
      '# HELP x_refusals_total How often it was refused.',
      '# TYPE x_refusals_total counter',
      'x_refusals_total{cgroup="/a \\"b\\"\\\\c\\\\012d"} 9007199254740992',
      '',
      '# HELP x_seconds How long.',
      '# TYPE x_seconds gauge',
      'x_seconds 0.25',
    ),
  )
  t.equal(await metricsText(families, 'prometheus'), await metricsText(families, 'prometheus'))
})

t.test('what they are called in HTTP', async (t) => {
  t.strictSame(metricsFormats, {
    openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  })
})
