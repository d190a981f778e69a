import t from 'tap'
import { filledFamilies, metricFamilies } from '../../../src/model/telemetry/metric-table.ts'
import { metricsFacts } from '../../helpers/metrics-facts.ts'
import { poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

t.test('names follow the rules of Prometheus', async (t) => {
  const names = metricFamilies.map(({ name }) => name)
  t.equal(new Set(names).size, names.length)
  for (const { name, type, unit, help, labels } of metricFamilies) {
    t.match(name, /^hugepool_[a-z]+(?:_[a-z]+)*$/)
    t.equal(name.endsWith('_total'), type === 'counter', name)
    if (unit !== undefined) t.ok(name.endsWith(`_${unit}`), name)
    else t.notMatch(name, /_(?:pages|bytes|seconds|ratio)$/)
    t.match(help, /^[A-Z][^"\n]*\.$/, name)
    for (const label of labels) t.match(label, /^[a-z]+$/, name)
  }
})

t.test('families come in one order, those without values not at all', async (t) => {
  const facts = metricsFacts({ pools: [poolOf(2n * M, { total: 3n })] })
  const filled = filledFamilies(facts)
  t.strictSame(
    filled.map(({ name }) => name.replace(/^hugepool_/, '')),
    [
      'page_size_bytes',
      'pool_total_pages',
      'pool_total_bytes',
      'pool_persistent_pages',
      'pool_persistent_bytes',
      'pool_free_pages',
      'pool_free_bytes',
      'pool_surplus_pages',
      'pool_surplus_bytes',
      'pool_reserved_pages',
      'pool_reserved_bytes',
      'pool_available_pages',
      'pool_available_bytes',
      'pool_overcommit_pages',
      'pool_overcommit_bytes',
      'build_info',
    ],
  )
  t.strictSame(filled[1], {
    name: 'hugepool_pool_total_pages',
    type: 'gauge',
    unit: 'pages',
    help: 'Pages in the pool, surplus included.',
    labels: ['pagesize'],
    samples: [{ labels: { pagesize: '2M' }, value: 3n }],
  })
})

t.test('all names, which dashboards rely on', async (t) => {
  t.strictSame(
    metricFamilies
      .map(({ name, labels }) => `${name.replace(/^hugepool_/, '')}{${labels.join()}}`)
      .filter((name) => !/_bytes\{/.test(name) || /mount|cgroup|page_size/.test(name)),
    [
      'page_size_bytes{pagesize}',
      'pool_total_pages{pagesize}',
      'pool_persistent_pages{pagesize}',
      'pool_free_pages{pagesize}',
      'pool_surplus_pages{pagesize}',
      'pool_reserved_pages{pagesize}',
      'pool_available_pages{pagesize}',
      'pool_overcommit_pages{pagesize}',
      'node_total_pages{pagesize,node}',
      'node_persistent_pages{pagesize,node}',
      'node_free_pages{pagesize,node}',
      'node_surplus_pages{pagesize,node}',
      'mount_size_bytes{mountpoint,pagesize}',
      'mount_guaranteed_bytes{mountpoint,pagesize}',
      'mount_used_bytes{mountpoint,pagesize}',
      'cgroup_usage_bytes{cgroup,pagesize}',
      'cgroup_limit_bytes{cgroup,pagesize}',
      'cgroup_reserved_bytes{cgroup,pagesize}',
      'cgroup_reserved_limit_bytes{cgroup,pagesize}',
      'cgroup_failures_total{cgroup,pagesize}',
      'cgroups_left_out{pagesize}',
      'held_pages{pagesize,kind}',
      'user_held_pages{pagesize,uid,user}',
      'unexplained_pages{pagesize}',
      'unseen_processes{}',
      'config_drift{key}',
      'build_info{version}',
      'collector_success{collector}',
      'collector_duration_seconds{collector}',
    ],
  )
})
