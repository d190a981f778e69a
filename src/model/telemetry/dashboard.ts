import type { Json, JsonObject } from '../json.ts'
import { present } from '../words/present.ts'

/** A line of a panel, and how it is called there: `{{node}}` is the value of a label. */
interface PanelQuery {
  readonly query: string
  readonly legend: string
}

/** One picture of the dashboard. */
export interface Panel {
  readonly title: string
  /** The unit by its name in Grafana. */
  readonly unit: 'bytes' | 'percentunit' | 'short'
  readonly stacked?: true
  /** What of a machine is shown only where this is given or there; absent for what is always there. */
  readonly needs?: string
  readonly queries: readonly PanelQuery[]
}

/** What chooses the machines that are shown. */
const chosen = '{instance=~"$instance"}'

const one = (query: string, legend: string): readonly PanelQuery[] => [{ query, legend }]

export const panels: readonly Panel[] = [
  {
    title: 'In use by node',
    unit: 'bytes',
    stacked: true,
    queries: one(
      `hugepool_node_total_bytes${chosen} - hugepool_node_free_bytes${chosen}`,
      '{{instance}} {{pagesize}} node {{node}}',
    ),
  },
  {
    title: 'Pools',
    unit: 'bytes',
    queries: [
      { query: `hugepool_pool_total_bytes${chosen}`, legend: '{{instance}} {{pagesize}} total' },
      {
        query: `hugepool_pool_available_bytes${chosen}`,
        legend: '{{instance}} {{pagesize}} available',
      },
      {
        query: `hugepool_pool_reserved_bytes${chosen}`,
        legend: '{{instance}} {{pagesize}} reserved',
      },
      {
        query: `hugepool_pool_surplus_bytes${chosen}`,
        legend: '{{instance}} {{pagesize}} surplus',
      },
    ],
  },
  {
    title: 'Available, as a share of the pool',
    unit: 'percentunit',
    queries: one(
      `hugepool_pool_available_pages${chosen} / (hugepool_pool_total_pages${chosen} > 0)`,
      '{{instance}} {{pagesize}}',
    ),
  },
  {
    title: 'Held by kind',
    unit: 'bytes',
    stacked: true,
    needs: '--holders',
    queries: [
      { query: `hugepool_held_bytes${chosen}`, legend: '{{instance}} {{pagesize}} {{kind}}' },
      {
        query: `hugepool_unexplained_bytes${chosen}`,
        legend: '{{instance}} {{pagesize}} unexplained',
      },
    ],
  },
  {
    title: 'Held by user',
    unit: 'bytes',
    needs: '--holders',
    queries: one(
      `topk(10, hugepool_user_held_bytes${chosen})`,
      '{{instance}} {{pagesize}} {{user}} ({{uid}})',
    ),
  },
  {
    title: 'Used on mounts',
    unit: 'bytes',
    needs: 'a hugetlbfs mount',
    queries: one(`hugepool_mount_used_bytes${chosen}`, '{{instance}} {{mountpoint}}'),
  },
  {
    title: 'Cgroups, as a share of their limits',
    unit: 'percentunit',
    needs: '--cgroups, and a limit',
    queries: one(
      `topk(10, hugepool_cgroup_usage_bytes${chosen} / (hugepool_cgroup_limit_bytes${chosen} > 0))`,
      '{{instance}} {{cgroup}} {{pagesize}}',
    ),
  },
  {
    title: 'Keys of the configuration from which machines differ',
    unit: 'short',
    needs: 'a configuration',
    queries: one(`sum by (instance) (hugepool_config_drift${chosen})`, '{{instance}}'),
  },
]

/** A dashboard of Grafana is 24 wide. */
const width = 12
const height = 8

const source = { type: 'prometheus', uid: '$datasource' }

const panelObject = (
  { title, unit, stacked, needs, queries }: Panel,
  index: number,
): JsonObject => ({
  id: index + 1,
  type: 'timeseries',
  title,
  ...present({ description: needs === undefined ? undefined : `Empty without: ${needs}` }),
  datasource: source,
  gridPos: {
    x: (index % 2) * width,
    y: Math.floor(index / 2) * height,
    w: width,
    h: height,
  },
  fieldConfig: {
    defaults: {
      unit,
      min: 0,
      custom: stacked
        ? { fillOpacity: 30, stacking: { mode: 'normal', group: 'A' } }
        : { fillOpacity: 10 },
    },
    overrides: [],
  },
  options: {
    legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  targets: queries.map(({ query, legend }, at) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + at),
    datasource: source,
    expr: query,
    legendFormat: legend,
  })),
})

/** Where the names of the machines come from, and what stands for all of them. */
export const instanceVariable = {
  query: 'label_values(hugepool_build_info, instance)',
  allValue: '.*',
} as const

const variables: readonly JsonObject[] = [
  { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
  {
    name: 'instance',
    label: 'Machine',
    type: 'query',
    datasource: source,
    ...instanceVariable,
    refresh: 2,
    multi: true,
    includeAll: true,
    current: { text: 'All', value: '$__all' },
  },
]

/** The dashboard in the JSON that Grafana imports, 9 and later. */
export const dashboard = (): Readonly<Record<string, Json>> => ({
  uid: 'hugepool',
  title: 'Huge pages',
  description: 'What hugepool metrics tells of HugeTLB pools',
  tags: ['hugepool'],
  schemaVersion: 37,
  editable: true,
  refresh: '30s',
  time: { from: 'now-6h', to: 'now' },
  templating: { list: variables },
  panels: panels.map(panelObject),
})
