import t from 'tap'
import {
  cgroupMetrics,
  mostCgroups,
  shownCgroups,
} from '../../../src/model/telemetry/cgroup-metrics.ts'
import type { CgroupPages } from '../../../src/model/telemetry/metrics-facts.ts'
import { metricsFacts, samplesOf } from '../../helpers/metrics-facts.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M
const group = (name: string, more: Partial<CgroupPages> = {}): CgroupPages => ({
  group: name,
  size,
  usage: 0n,
  failures: 0n,
  ...more,
})

const of = (word: string, cgroups: readonly CgroupPages[]) =>
  samplesOf(`hugepool_cgroup_${word}`, metricsFacts({ cgroups }))

t.test('what a group may have and has', async (t) => {
  const all = [
    group('/a', { usage: 6n, limit: 8n, reserved: 7n, reservedLimit: 9n, failures: 3n }),
    group('/b', { size: G, usage: 5n }),
  ]
  t.strictSame(of('usage_bytes', all), ['/a 2M: 6', '/b 1G: 5'])
  t.strictSame(of('limit_bytes', all), ['/a 2M: 8'])
  t.strictSame(of('reserved_bytes', all), ['/a 2M: 7'])
  t.strictSame(of('reserved_limit_bytes', all), ['/a 2M: 9'])
  t.strictSame(of('failures_total', all), ['/a 2M: 3', '/b 1G: 0'])
  t.strictSame(samplesOf('hugepool_cgroup_usage_bytes', metricsFacts()), [])
  t.strictSame(
    cgroupMetrics.map(({ name, type, unit, help }) => [name, type, unit, help]),
    [
      [
        'hugepool_cgroup_usage_bytes',
        'gauge',
        'bytes',
        'Bytes of pages counted against the cgroup and those below it.',
      ],
      [
        'hugepool_cgroup_limit_bytes',
        'gauge',
        'bytes',
        'Bytes of pages that the cgroup may have, where it has a limit.',
      ],
      [
        'hugepool_cgroup_reserved_bytes',
        'gauge',
        'bytes',
        'Bytes of pages and reservations counted against the cgroup and those below it.',
      ],
      [
        'hugepool_cgroup_reserved_limit_bytes',
        'gauge',
        'bytes',
        'Bytes of pages and reservations that the cgroup may have, where it has a limit.',
      ],
      [
        'hugepool_cgroup_failures_total',
        'counter',
        undefined,
        'How often a limit refused pages: to the processes of this cgroup in the second version, at the limit of this cgroup in the first.',
      ],
      [
        'hugepool_cgroups_left_out',
        'gauge',
        undefined,
        'Cgroups without lines, because only the 100 with the most pages of a size have them.',
      ],
    ],
  )
})

t.test('a group that tells nothing has no lines', async (t) => {
  const names = (...all: readonly CgroupPages[]) => shownCgroups(all).map((one) => one.group)
  t.strictSame(names(group('/none'), group('/zero', { limit: 0n, reserved: 0n })), [])
  t.strictSame(
    names(
      group('/limit', { limit: 1n }),
      group('/usage', { usage: 1n }),
      group('/reserved', { reserved: 1n }),
      group('/failed', { failures: 1n }),
    ),
    ['/usage', '/limit', '/reserved', '/failed'],
  )
})

t.test('those with the most pages have lines, and the others are counted', async (t) => {
  const many = Array.from({ length: 103 }, (_, index) =>
    group(`/${index}`, { usage: BigInt(index + 1) }),
  )
  const of2M = shownCgroups(many)
  t.strictSame([of2M.length, of2M[0]?.group, of2M.at(-1)?.group], [100, '/102', '/3'])
  const left = (cgroups: readonly CgroupPages[]) =>
    samplesOf('hugepool_cgroups_left_out', metricsFacts({ cgroups }))
  t.strictSame(left([...many, group('/g', { size: G, usage: 1n })]), ['2M: 3'])
  t.strictSame(left(many.slice(0, mostCgroups + 1)), ['2M: 1'])
  t.strictSame(left(many.slice(0, mostCgroups)), [])
  t.strictSame(samplesOf('hugepool_cgroups_left_out', metricsFacts()), [])
})
