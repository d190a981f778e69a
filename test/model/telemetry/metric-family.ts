import t from 'tap'
import { inPagesAndBytes, sampleOf, sizeLabel } from '../../../src/model/telemetry/metric-family.ts'
import { metricsFacts } from '../../helpers/metrics-facts.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('a value that is unknown has no sample', async (t) => {
  t.strictSame(sampleOf({ a: 'b' }, undefined), [])
  t.strictSame(sampleOf({ a: 'b' }, 0n), [{ labels: { a: 'b' }, value: 0n }])
})

t.test('a page size is written as everywhere', async (t) => {
  t.strictSame(sizeLabel(2n * M), { pagesize: '2M' })
  t.strictSame(sizeLabel(16n * G), { pagesize: '16G' })
})

t.test('a count is a family of pages and one of bytes', async (t) => {
  const families = inPagesAndBytes({ name: 'x_kept', help: 'kept', labels: ['a'] }, () => [
    { labels: { a: 'b' }, size: 2n * M, pages: 3n },
    { labels: { a: 'c' }, size: G, pages: undefined },
  ])
  const filled = families.map(({ samples, ...name }) => ({
    ...name,
    samples: samples(metricsFacts()),
  }))
  t.strictSame(filled, [
    {
      name: 'x_kept_pages',
      type: 'gauge',
      unit: 'pages',
      help: 'Pages kept.',
      labels: ['a'],
      samples: [{ labels: { a: 'b' }, value: 3n }],
    },
    {
      name: 'x_kept_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Bytes of pages kept.',
      labels: ['a'],
      samples: [{ labels: { a: 'b' }, value: 6n * M }],
    },
  ])
})
