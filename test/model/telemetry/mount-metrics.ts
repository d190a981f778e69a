import t from 'tap'
import type { ShownMount } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { mountMetrics } from '../../../src/model/telemetry/mount-metrics.ts'
import { metricsFacts, samplesOf } from '../../helpers/metrics-facts.ts'
import { G, M } from '../../helpers/sizes.ts'

const mount = (target: string, more: Partial<ShownMount>): ShownMount => ({
  target,
  device: '0:39',
  source: 'none',
  options: 'rw',
  hidden: false,
  pageSize: 2n * M,
  ...more,
})

const of = (word: string, mounts: readonly ShownMount[]) =>
  samplesOf(`hugepool_mount_${word}_bytes`, metricsFacts({ mounts }))

t.test('what a mount may have, is promised and has', async (t) => {
  const mounts = [
    mount('/a', { size: 8n * M, minSize: 4n * M, used: 6n * M }),
    mount('/b', { device: '0:40', pageSize: G, size: 0n, used: 0n }),
    mount('/c', { device: '0:41' }),
  ]
  t.strictSame(of('size', mounts), [`/a 2M: ${8n * M}`, '/b 1G: 0'])
  t.strictSame(of('guaranteed', mounts), [`/a 2M: ${4n * M}`])
  t.strictSame(of('used', mounts), [`/a 2M: ${6n * M}`, '/b 1G: 0'])
  t.strictSame(
    mountMetrics.map(({ help }) => help),
    [
      'Bytes that files of the mount may have, where it has a limit.',
      'Bytes that the pool keeps for the mount, where it has a minimum size.',
      'Bytes of pages that files of the mount have; with a limit, those reserved too.',
    ],
  )
})

t.test('a file system counts once, by a directory that leads to it', async (t) => {
  const used = 2n * M
  const bound = mount('/bound', { bound: '/sub', used })
  t.strictSame(of('used', [bound, mount('/root', { used })]), [`/root 2M: ${used}`])
  t.strictSame(of('used', [bound, mount('/other', { bound: '/x', used })]), [`/bound 2M: ${used}`])
  t.strictSame(of('used', [mount('/one', { used }), mount('/two', { used })]), [`/one 2M: ${used}`])
  t.strictSame(of('used', [mount('/one', { used, hidden: true })]), [])
})

t.test('one whose page size is not understood has no lines', async (t) => {
  const { pageSize: _, ...unclear } = mount('/a', { used: 1n, unclear: ['x'] })
  t.strictSame(of('used', [unclear]), [])
})
