import { quotedCommand, shellWord } from '../../etc/shell-word.ts'
import { availableNow } from '../../pools/machine.ts'
import { limitCommand, limitWords, raiseByOne } from '../../processes/cgroup-limit.ts'
import type { CgroupTrouble } from '../../processes/cgroup-trouble.ts'
import { limitPath } from '../../processes/limit-path.ts'
import { formatBytes } from '../../words/bytes.ts'
import { formatSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import type { KnownMachine } from './known-machine.ts'
import type { UnnamedFinding } from './machine-finding.ts'

const troubles = (
  { cgroupTroubles }: KnownMachine,
  kind: CgroupTrouble['kind'],
): readonly CgroupTrouble[] => cgroupTroubles.filter((one) => one.kind === kind)

/** Limits under which no page can be had, though there are some. */
export const cgroupLimit = (known: KnownMachine): readonly UnnamedFinding[] => {
  const isThere = (size: bigint) =>
    known.machine.pools.some((pool) => pool.size === size && availableNow(pool) > 0n)
  const full = known.fullCgroups
    .filter(({ size }) => isThere(size))
    .flatMap(({ size, pages, reserved }) =>
      [...pages, ...reserved].map((limit) => ({ ...limit, size })),
    )
  return [
    ...troubles(known, 'too-small').map(
      ({ group, file, size, value }): UnnamedFinding => ({
        level: 'warning',
        what: `the cgroup ${group} allows ${formatBytes(value)} (${file}), which is less than a page of ${formatSize(size)}`,
        hints: [
          `${limitCommand(limitPath(known.hierarchies, { group, file }), size)} lets it have one`,
        ],
      }),
    ),
    ...full
      .filter(({ max, current }) => current > 0n && max > 0n)
      .map(
        (limit): UnnamedFinding => ({
          level: 'warning',
          what: `${limitWords(limit)}: its processes get no further page, though there are some`,
          hints: [raiseByOne(limit, limit.size)],
        }),
      ),
  ]
}

/** The limit on what is reserved, beside that on what is touched. */
const reservedFile = (file: string): string =>
  file.replace('.max', '.rsvd.max').replace('.limit', '.rsvd.limit')

export const cgroupLate = (known: KnownMachine): readonly UnnamedFinding[] =>
  troubles(known, 'late').map(({ group, file, value }) => ({
    level: 'note',
    what: `the cgroup ${group} limits the pages that are touched (${file}) and not those that are reserved: a mapping above ${formatBytes(value)} succeeds, and is killed by SIGBUS`,
    hints: [
      `${limitCommand(limitPath(known.hierarchies, { group, file: reservedFile(file) }), value)} limits those that are reserved too`,
    ],
  }))

/** Containers whose limits on pages nobody keeps. */
export const cgroupUndelegated = (known: KnownMachine): readonly UnnamedFinding[] => {
  const { unlimited = [], machine } = known
  const [first] = unlimited
  if (first === undefined || machine.pools.every(({ total }) => total === 0n)) return []
  const others = unlimited.length === 1 ? '' : ` and ${plural(unlimited.length - 1, 'other')}`
  return [
    {
      level: 'note',
      what: `the cgroup ${first} of containers${others} has no hugetlb controller, which the kernel has: no limit on their huge pages is kept`,
      hints: [
        "'echo +hugetlb > /sys/fs/cgroup/cgroup.subtree_control', and so down to the group, gives it one",
      ],
    },
  ]
}

/** The command that shows all that a group has of a page size. */
const limitsShown = ({ hierarchies }: KnownMachine, group: string, file: string): string => {
  const path = limitPath(hierarchies, { group, file })
  const [, all = path] = /^(.*\/hugetlb\.[^./]+\.)[^/]*$/.exec(path) ?? []
  return quotedCommand(`grep . ${shellWord(all)}*`)
}

/** The second version counts in the group of who asked, the first one in that of the limit. */
const orAbove = (file: string): string => (file.endsWith('.failcnt') ? '' : ', or of one above it,')

export const cgroupRefused = (known: KnownMachine): readonly UnnamedFinding[] =>
  troubles(known, 'refused').map(({ group, file, size, value }) => ({
    level: 'warning',
    what: `the limit of the cgroup ${group}${orAbove(file)} has refused pages of ${formatSize(size)} ${plural(value, 'time')} (${file})`,
    hints: [
      `${limitsShown(known, group, file)} shows the limits, to compare with what its processes want`,
    ],
  }))
