import type { ShownMount } from '../mounts/hugetlbfs-mount.ts'
import type { Bytes } from '../words/bytes.ts'
import { type MetricFamily, sampleOf, sizeLabel } from './metric-family.ts'

/**
 * Takes one mount of each file system, because a sum must not count its bytes twice: the first that
 * shows its root, or else the first that shows a part.
 */
const distinctMounts = (mounts: readonly ShownMount[]): readonly ShownMount[] => {
  const shown = mounts.filter(({ hidden }) => !hidden)
  const devices = [...new Set(shown.map(({ device }) => device))]
  return devices.flatMap((device) => {
    const same = shown.filter((mount) => mount.device === device)
    return same.find(({ bound }) => bound === undefined) ?? same.slice(0, 1)
  })
}

const mountMetric = (
  word: string,
  help: string,
  value: (mount: ShownMount) => Bytes | undefined,
): MetricFamily => ({
  name: `hugepool_mount_${word}_bytes`,
  type: 'gauge',
  unit: 'bytes',
  help,
  labels: ['mountpoint', 'pagesize'],
  samples: ({ mounts }) =>
    distinctMounts(mounts).flatMap((mount) =>
      mount.pageSize === undefined
        ? []
        : sampleOf({ mountpoint: mount.target, ...sizeLabel(mount.pageSize) }, value(mount)),
    ),
})

/** What the hugetlbfs mounts of this mount namespace may have, are promised and have. */
export const mountMetrics: readonly MetricFamily[] = [
  mountMetric(
    'size',
    'Bytes that files of the mount may have, where it has a limit.',
    (mount) => mount.size,
  ),
  mountMetric(
    'guaranteed',
    'Bytes that the pool keeps for the mount, where it has a minimum size.',
    ({ minSize }) => minSize,
  ),
  mountMetric(
    'used',
    'Bytes of pages that files of the mount have; with a limit, those reserved too.',
    ({ used }) => used,
  ),
]
