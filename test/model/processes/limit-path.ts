import t from 'tap'
import { limitPath } from '../../../src/model/processes/limit-path.ts'

const limit = { group: '/a/b', file: 'hugetlb.2MB.max', max: 0n, current: 0n }
const old = { ...limit, file: 'hugetlb.2MB.limit_in_bytes' }

t.test('the path of a limit, by its hierarchy', async (t) => {
  const both = {
    second: { target: '/sys/fs/cgroup', root: '/' },
    first: { target: '/sys/fs/cgroup/hugetlb', root: '/a' },
  }
  t.equal(limitPath(both, limit), '/sys/fs/cgroup/a/b/hugetlb.2MB.max')
  t.equal(limitPath(both, old), '/sys/fs/cgroup/hugetlb/b/hugetlb.2MB.limit_in_bytes')
  t.equal(
    limitPath(both, { ...old, group: '/a' }),
    '/sys/fs/cgroup/hugetlb/hugetlb.2MB.limit_in_bytes',
  )
  t.equal(limitPath(both, { ...limit, group: '/' }), '/sys/fs/cgroup/hugetlb.2MB.max')
  t.equal(
    limitPath(both, { group: '/a/b', file: 'hugetlb.2MB.failcnt' }),
    '/sys/fs/cgroup/hugetlb/b/hugetlb.2MB.failcnt',
    'what refused is told by a file of the first version, without a limit in its name',
  )
  t.equal(limitPath({}, limit), '/sys/fs/cgroup/a/b/hugetlb.2MB.max')
  t.equal(limitPath({}, { ...limit, group: '/' }), '/sys/fs/cgroup/hugetlb.2MB.max')
  t.equal(
    limitPath({ second: { target: '/', root: '/' } }, limit),
    '/a/b/hugetlb.2MB.max',
    'the whole of a tree',
  )
})
