import { ascending } from '../words/bytes.ts'
import { type MetricFamily, type MetricName, sampleOf, sizeLabel } from './metric-family.ts'
import type { CgroupPages } from './metrics-facts.ts'

/** The most cgroups of a page size that have lines: every line is a series that Prometheus keeps. */
export const mostCgroups = 100

/**
 * Whether a group has anything to tell. Kubernetes gives a limit of 0 to every container that did not ask
 * for pages, which tells nothing as long as it is not run into.
 */
const isTelling = ({ usage, limit = 0n, reserved = 0n, failures }: CgroupPages): boolean =>
  usage > 0n || limit > 0n || reserved > 0n || failures > 0n

const mostUsed = (one: CgroupPages, other: CgroupPages): number => ascending(other.usage, one.usage)

const ofSizes = (groups: readonly CgroupPages[]): readonly (readonly CgroupPages[])[] =>
  [...new Set(groups.map(({ size }) => size))].map((size) =>
    groups.filter((one) => one.size === size && isTelling(one)).toSorted(mostUsed),
  )

/** The cgroups that have lines: of each page size those with the most pages. */
export const shownCgroups = (groups: readonly CgroupPages[]): readonly CgroupPages[] =>
  ofSizes(groups).flatMap((same) => same.slice(0, mostCgroups))

const cgroupMetric = (
  word: string,
  more: Pick<MetricName, 'type' | 'unit' | 'help'>,
  value: (group: CgroupPages) => bigint | undefined,
): MetricFamily => ({
  name: `hugepool_cgroup_${word}`,
  ...more,
  labels: ['cgroup', 'pagesize'],
  samples: ({ cgroups = [] }) =>
    shownCgroups(cgroups).flatMap((group) =>
      sampleOf({ cgroup: group.group, ...sizeLabel(group.size) }, value(group)),
    ),
})

const bytes = (help: string): Pick<MetricName, 'type' | 'unit' | 'help'> => ({
  type: 'gauge',
  unit: 'bytes',
  help,
})

/** What cgroups may have of huge pages, and have. */
export const cgroupMetrics: readonly MetricFamily[] = [
  cgroupMetric(
    'usage_bytes',
    bytes('Bytes of pages counted against the cgroup and those below it.'),
    ({ usage }) => usage,
  ),
  cgroupMetric(
    'limit_bytes',
    bytes('Bytes of pages that the cgroup may have, where it has a limit.'),
    ({ limit }) => limit,
  ),
  cgroupMetric(
    'reserved_bytes',
    bytes('Bytes of pages and reservations counted against the cgroup and those below it.'),
    ({ reserved }) => reserved,
  ),
  cgroupMetric(
    'reserved_limit_bytes',
    bytes('Bytes of pages and reservations that the cgroup may have, where it has a limit.'),
    ({ reservedLimit }) => reservedLimit,
  ),
  cgroupMetric(
    'failures_total',
    {
      type: 'counter',
      help: 'How often a limit refused pages: to the processes of this cgroup in the second version, at the limit of this cgroup in the first.',
    },
    ({ failures }) => failures,
  ),
  {
    name: 'hugepool_cgroups_left_out',
    type: 'gauge',
    help: `Cgroups without lines, because only the ${mostCgroups} with the most pages of a size have them.`,
    labels: ['pagesize'],
    samples: ({ cgroups = [] }) =>
      ofSizes(cgroups).flatMap((same) =>
        same.slice(mostCgroups, mostCgroups + 1).map(({ size }) => ({
          labels: sizeLabel(size),
          value: BigInt(same.length - mostCgroups),
        })),
      ),
  },
]
