import t from 'tap'
import { fullCgroupHints } from '../../../../src/model/processes/who/full-cgroup-words.ts'
import { poolOf } from '../../../helpers/run.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M

const pool = (free: bigint) => poolOf(size, { total: 9n, free, reserved: 1n })

const limit = (group: string, file = 'hugetlb.2MB.max') => ({
  group,
  file,
  path: `/cg${group}/${file}`,
  max: 4n * M,
  current: 4n * M,
})

t.test('what stops a process though pages are available', async (t) => {
  const full = [
    { size, pages: [limit('/a')], reserved: [limit('/b', 'hugetlb.2MB.rsvd.max')] },
    { size: 1024n * M, pages: [limit('/c')], reserved: [] },
  ]
  t.strictSame(fullCgroupHints(full, pool(6n)), [
    "2M: the cgroup /a allows 4M (hugetlb.2MB.max) and has 4M: its processes end with SIGBUS at the next page that they touch, though 5 pages are available: 'echo 6291456 > /cg/a/hugetlb.2MB.max' lets them have one more",
    "2M: the cgroup /b allows 4M (hugetlb.2MB.rsvd.max) and has 4M: its processes cannot reserve another page, though 5 pages are available: 'echo 6291456 > /cg/b/hugetlb.2MB.rsvd.max' lets them have one more",
  ])
  t.match(fullCgroupHints(full, pool(2n))[0], ', though 1 page is available: ')
  t.strictSame(fullCgroupHints([], pool(6n)), [])
})

t.test('three are named, and how many more there are', async (t) => {
  const groups = ['/a', '/b', '/c', '/d', '/e'].map((group) => limit(group))
  const named = (count: number) =>
    fullCgroupHints([{ size, pages: groups.slice(0, count), reserved: [] }], pool(6n))
  t.equal(named(3).length, 3)
  t.equal(
    named(4)[3],
    "2M: and 1 more limit of cgroups: 'hugepool who --json' has all in .pools[].limits",
  )
  t.equal(
    named(5)[3],
    "2M: and 2 more limits of cgroups: 'hugepool who --json' has all in .pools[].limits",
  )
})
