import t from 'tap'
import {
  cgroupLate,
  cgroupLimit,
  cgroupRefused,
  cgroupUndelegated,
} from '../../../../src/model/doctor/findings/cgroup-findings.ts'
import type { Pool } from '../../../../src/model/pools/machine.ts'
import type { FullCgroups } from '../../../../src/model/processes/cgroup-limit.ts'
import type { CgroupTrouble } from '../../../../src/model/processes/cgroup-trouble.ts'
import { knownPools, poolOf } from '../../../helpers/known-pools.ts'
import { G, M } from '../../../helpers/sizes.ts'

/** One trouble of each kind, and of one kind another. */
const cgroupTroubles: readonly CgroupTrouble[] = [
  { group: '/app', size: 2n * M, kind: 'too-small', file: 'hugetlb.2MB.max', value: M },
  { group: '/app', size: 2n * M, kind: 'late', file: 'hugetlb.2MB.max', value: 64n * M },
  {
    group: '/old',
    size: G,
    kind: 'late',
    file: 'hugetlb.1GB.limit_in_bytes',
    value: G,
  },
  { group: '/app', size: 2n * M, kind: 'refused', file: 'hugetlb.2MB.events.local', value: 1n },
  { group: '/old', size: G, kind: 'refused', file: 'hugetlb.1GB.failcnt', value: 3n },
]

/** Both versions, as a machine has them that is told to. */
const hierarchies = {
  second: { target: '/sys/fs/cgroup', root: '/' },
  first: { target: '/sys/fs/cgroup/hugetlb', root: '/' },
}

const troubled = knownPools([poolOf()], { cgroupTroubles, hierarchies })
const quiet = knownPools([poolOf()])

t.test('limits of less than a page', async (t) => {
  t.strictSame(cgroupLimit(troubled), [
    {
      level: 'warning',
      what: 'the cgroup /app allows 1M (hugetlb.2MB.max), which is less than a page of 2M',
      hints: ["'echo 2097152 > /sys/fs/cgroup/app/hugetlb.2MB.max' lets it have one"],
    },
  ])
  t.strictSame(cgroupLimit(quiet), [])
})

const limitOf = (group: string, max: bigint, current: bigint) => ({
  group,
  file: 'hugetlb.2MB.max',
  path: `/sys/fs/cgroup${group}/hugetlb.2MB.max`,
  max,
  current,
})

const fullOf = (of: Partial<FullCgroups>, pool: Partial<Pool> = {}) =>
  cgroupLimit(
    knownPools([poolOf({ size: G, total: 0n, free: 0n }), poolOf(pool)], {
      fullCgroups: [{ size: 2n * M, pages: [], reserved: [], ...of }],
    }),
  )

const faultOf = (group: string, amount: string, more: bigint) => ({
  level: 'warning',
  what: `the cgroup ${group} allows ${amount} (hugetlb.2MB.max) and has ${amount}: its processes get no further page, though there are some`,
  hints: [`'echo ${more} > /sys/fs/cgroup${group}/hugetlb.2MB.max' lets them have one more`],
})

t.test('cgroups that have all that they may, while there are pages', async (t) => {
  const full = { pages: [limitOf('/a', 4n * M, 4n * M)], reserved: [limitOf('/b', 1n, 1n)] }
  const both = [faultOf('/a', '4M', 6n * M), faultOf('/b', '1', 2n * M + 1n)]
  t.strictSame(fullOf(full), both)
  t.strictSame(fullOf(full, { free: 1n }), both)
  t.strictSame(fullOf(full, { free: 0n }), [])
  t.strictSame(fullOf(full, { free: 1n, reserved: 1n }), [])
  t.strictSame(fullOf({ ...full, size: G }), [], 'there are no pages of that size')
  t.strictSame(fullOf({ ...full, size: 64n * M }), [], 'there is no such pool')
  t.strictSame(fullOf({ pages: [limitOf('/a', M, 0n)] }), [], 'nobody asked for any')
  t.strictSame(fullOf({ pages: [limitOf('/a', 0n, M)] }), [], 'it is to have none')
  t.strictSame(fullOf({ reserved: [limitOf('/a', 0n, 0n)] }), [])
})

t.test('what is less than a page comes first', async (t) => {
  const fullCgroups = [{ size: 2n * M, pages: [limitOf('/a', 4n * M, 4n * M)], reserved: [] }]
  t.strictSame(
    cgroupLimit({ ...troubled, fullCgroups }).map(({ what }) => what),
    [
      'the cgroup /app allows 1M (hugetlb.2MB.max), which is less than a page of 2M',
      faultOf('/a', '4M', 6n * M).what,
    ],
  )
})

t.test('limits that apply when a page is touched', async (t) => {
  const what = (group: string, file: string, above: string) =>
    `the cgroup ${group} limits the pages that are touched (${file}) and not those that are reserved: a mapping above ${above} succeeds, and is killed by SIGBUS`
  t.strictSame(cgroupLate(troubled), [
    {
      level: 'note',
      what: what('/app', 'hugetlb.2MB.max', '64M'),
      hints: [
        "'echo 67108864 > /sys/fs/cgroup/app/hugetlb.2MB.rsvd.max' limits those that are reserved too",
      ],
    },
    {
      level: 'note',
      what: what('/old', 'hugetlb.1GB.limit_in_bytes', '1G'),
      hints: [
        "'echo 1073741824 > /sys/fs/cgroup/hugetlb/old/hugetlb.1GB.rsvd.limit_in_bytes' limits those that are reserved too",
      ],
    },
  ])
  t.strictSame(cgroupLate(quiet), [])
})

t.test('limits that have refused pages', async (t) => {
  t.strictSame(cgroupRefused(troubled), [
    {
      level: 'warning',
      what: 'the limit of the cgroup /app, or of one above it, has refused pages of 2M 1 time (hugetlb.2MB.events.local)',
      hints: [
        "'grep . /sys/fs/cgroup/app/hugetlb.2MB.*' shows the limits, to compare with what its processes want",
      ],
    },
    {
      level: 'warning',
      what: 'the limit of the cgroup /old has refused pages of 1G 3 times (hugetlb.1GB.failcnt)',
      hints: [
        "'grep . /sys/fs/cgroup/hugetlb/old/hugetlb.1GB.*' shows the limits, to compare with what its processes want",
      ],
    },
  ])
  t.strictSame(cgroupRefused(quiet), [])
})

t.test('containers whose cgroups have no controller', async (t) => {
  const found = (unlimited: readonly string[], ...pools: readonly Partial<Pool>[]) =>
    cgroupUndelegated(knownPools(pools.map(poolOf), { unlimited }))
  const faultOf = (groups: string) => [
    {
      level: 'note',
      what: `the cgroup ${groups} has no hugetlb controller, which the kernel has: no limit on their huge pages is kept`,
      hints: [
        "'echo +hugetlb > /sys/fs/cgroup/cgroup.subtree_control', and so down to the group, gives it one",
      ],
    },
  ]
  const none = { total: 0n, free: 0n }
  t.strictSame(found(['/docker'], none, { total: 1n }), faultOf('/docker of containers'))
  t.strictSame(found(['/docker', '/a'], {}), faultOf('/docker of containers and 1 other'))
  t.strictSame(found(['/docker', '/a', '/b'], {}), faultOf('/docker of containers and 2 others'))
  t.strictSame(found(['/docker'], none), [])
  t.strictSame(found([], {}), [])
  t.strictSame(cgroupUndelegated(quiet), [])
})
