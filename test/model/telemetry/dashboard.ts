import t from 'tap'
import { dashboard, panels } from '../../../src/model/telemetry/dashboard.ts'
import { metricFamilies } from '../../../src/model/telemetry/metric-table.ts'

t.test('every family and label that a panel asks for exists', async (t) => {
  for (const { title, queries } of panels)
    for (const { query, legend } of queries) {
      const names: readonly string[] = query.match(/hugepool_\w+/g) ?? []
      const asked = metricFamilies.filter(({ name }) => names.includes(name))
      t.equal(asked.length, names.length, `${title}: ${query}`)
      const labels = ['instance', ...asked.flatMap((family) => family.labels)]
      for (const [, label = ''] of legend.matchAll(/\{\{(\w+)\}\}/g))
        t.ok(labels.includes(label), `${title}: ${label}`)
      t.equal(query.split('{instance=~"$instance"}').length - 1, names.length, query)
    }
  t.strictSame(
    panels.map(({ title, unit, stacked = false, queries }) => [
      title,
      unit,
      stacked,
      queries.length,
    ]),
    [
      ['In use by node', 'bytes', true, 1],
      ['Pools', 'bytes', false, 4],
      ['Available, as a share of the pool', 'percentunit', false, 1],
      ['Held by kind', 'bytes', true, 2],
      ['Held by user', 'bytes', false, 1],
      ['Used on mounts', 'bytes', false, 1],
      ['Cgroups, as a share of their limits', 'percentunit', false, 1],
      ['Keys of the configuration from which machines differ', 'short', false, 1],
    ],
  )
})

t.test('what each line is called', async (t) => {
  t.strictSame(
    panels.flatMap(({ queries }) => queries.map(({ legend }) => legend)),
    [
      '{{instance}} {{pagesize}} node {{node}}',
      '{{instance}} {{pagesize}} total',
      '{{instance}} {{pagesize}} available',
      '{{instance}} {{pagesize}} reserved',
      '{{instance}} {{pagesize}} surplus',
      '{{instance}} {{pagesize}}',
      '{{instance}} {{pagesize}} {{kind}}',
      '{{instance}} {{pagesize}} unexplained',
      '{{instance}} {{pagesize}} {{user}} ({{uid}})',
      '{{instance}} {{mountpoint}}',
      '{{instance}} {{cgroup}} {{pagesize}}',
      '{{instance}}',
    ],
  )
})

t.test('what Grafana imports', async (t) => {
  const {
    panels: made,
    templating,
    ...rest
  } = dashboard() as {
    readonly panels: readonly Record<string, unknown>[]
    readonly templating: unknown
  }
  t.strictSame(rest, {
    uid: 'hugepool',
    title: 'Huge pages',
    description: 'What hugepool metrics tells of HugeTLB pools',
    tags: ['hugepool'],
    schemaVersion: 37,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
  })
  const datasource = { type: 'prometheus', uid: '$datasource' }
  t.strictSame(templating, {
    list: [
      { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
      {
        name: 'instance',
        label: 'Machine',
        type: 'query',
        datasource,
        query: 'label_values(hugepool_build_info, instance)',
        refresh: 2,
        multi: true,
        includeAll: true,
        allValue: '.*',
        current: { text: 'All', value: '$__all' },
      },
    ],
  })
  t.strictSame(
    made.map(({ id, gridPos }) => [id, Object.values(gridPos as object)]),
    [
      [1, [0, 0, 12, 8]],
      [2, [12, 0, 12, 8]],
      [3, [0, 8, 12, 8]],
      [4, [12, 8, 12, 8]],
      [5, [0, 16, 12, 8]],
      [6, [12, 16, 12, 8]],
      [7, [0, 24, 12, 8]],
      [8, [12, 24, 12, 8]],
    ],
  )
  t.strictSame(
    made.map(({ description }) => description),
    [
      ...[undefined, undefined, undefined],
      ...['Empty without: --holders', 'Empty without: --holders'],
      'Empty without: a hugetlbfs mount',
      'Empty without: --cgroups, and a limit',
      'Empty without: a configuration',
    ],
  )
  const common = {
    options: {
      legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  }
  t.strictSame(made[3], {
    id: 4,
    type: 'timeseries',
    title: 'Held by kind',
    description: 'Empty without: --holders',
    datasource,
    gridPos: { x: 12, y: 8, w: 12, h: 8 },
    fieldConfig: {
      defaults: {
        unit: 'bytes',
        min: 0,
        custom: { fillOpacity: 30, stacking: { mode: 'normal', group: 'A' } },
      },
      overrides: [],
    },
    ...common,
    targets: [
      {
        refId: 'A',
        datasource,
        expr: 'hugepool_held_bytes{instance=~"$instance"}',
        legendFormat: '{{instance}} {{pagesize}} {{kind}}',
      },
      {
        refId: 'B',
        datasource,
        expr: 'hugepool_unexplained_bytes{instance=~"$instance"}',
        legendFormat: '{{instance}} {{pagesize}} unexplained',
      },
    ],
  })
  t.strictSame((made[1] as { fieldConfig: { defaults: object } }).fieldConfig.defaults, {
    unit: 'bytes',
    min: 0,
    custom: { fillOpacity: 10 },
  })
})
