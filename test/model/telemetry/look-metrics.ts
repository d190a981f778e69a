import t from 'tap'
import type { ConfigItem } from '../../../src/model/config/config-item.ts'
import { lookMetrics } from '../../../src/model/telemetry/look-metrics.ts'
import { metricsFacts, samplesOf } from '../../helpers/metrics-facts.ts'

const item = (
  key: string,
  state: ConfigItem['state'],
  more: Partial<ConfigItem> = {},
): ConfigItem => ({
  attribute: 'persistent',
  key,
  wanted: 1n,
  state,
  essential: true,
  ...more,
})

t.test('a key that is amiss on one node is amiss', async (t) => {
  const items = [
    item('a', 'ok'),
    item('a', 'drift', { node: 0 }),
    item('a', 'ok', { node: 1 }),
    item('b', 'ok'),
    item('c', 'next-boot'),
    item('d', 'short', { essential: false, lacks: true }),
  ]
  t.strictSame(samplesOf('hugepool_config_drift', metricsFacts({ items })), [
    'a: 1',
    'b: 0',
    'c: 0',
    'd: 0',
  ])
  t.strictSame(samplesOf('hugepool_config_drift', metricsFacts()), [])
})

t.test('how the look went', async (t) => {
  const facts = metricsFacts({
    runs: [
      { collector: 'pools', success: true, seconds: 0.25 },
      { collector: 'config', success: false, seconds: 2 },
    ],
  })
  t.strictSame(samplesOf('hugepool_build_info', facts), ['1.2.3: 1'])
  t.strictSame(samplesOf('hugepool_collector_success', facts), ['pools: 1', 'config: 0'])
  t.strictSame(samplesOf('hugepool_collector_duration_seconds', facts), [
    'pools: 0.25',
    'config: 2',
  ])
  t.strictSame(
    lookMetrics.map(({ type, unit, help }) => [type, unit, help]),
    [
      [
        'gauge',
        undefined,
        'Whether the machine differs from this key of its configuration (1) or not (0), as hugepool check tells.',
      ],
      ['gauge', undefined, 'The version of hugepool; always 1.'],
      ['gauge', undefined, 'Whether all of this part could be read (1) or not (0).'],
      ['gauge', 'seconds', 'How long it took to read this part.'],
    ],
  )
})
