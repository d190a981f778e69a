import t from 'tap'
import { isMaybeLimited } from '../../../src/kernel/processes/maybe-limited.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { G, M } from '../../helpers/sizes.ts'

const mount = (target: string, type: string, options = 'rw', root = '/'): string =>
  `30 24 0:26 ${root} ${target} rw,nosuid shared:4 - ${type} ${type} ${options}\n`

interface Stage {
  readonly mounts?: string
  readonly groups?: string
  readonly files?: readonly string[]
}

const looks = ({ mounts, groups, files = [] }: Stage, size = 2n * M): boolean => {
  const kernel = fakeKernel({ nodes: [{ id: 0, memory: G }], pools: [{ size }] })
  if (mounts !== undefined) kernel.extra.set('/proc/self/mountinfo', mounts)
  if (groups !== undefined) kernel.extra.set('/proc/self/cgroup', groups)
  for (const file of files) kernel.extra.set(file, 'max\n')
  return isMaybeLimited(kernel, [size])
}

const second = mount('/sys/fs/cgroup', 'cgroup2')

t.test('the hugetlb controller of cgroup2 is in the topmost group, or nowhere', async (t) => {
  const own = { mounts: second, groups: '3:cpu:/x\n0::/a/b\n' }
  t.equal(looks(own), false)
  t.equal(looks({ ...own, files: ['/sys/fs/cgroup/a/hugetlb.2MB.max'] }), true)
  t.equal(looks({ ...own, files: ['/sys/fs/cgroup/a/hugetlb.2MB.max'] }, G), false)
  t.equal(looks({ ...own, files: ['/sys/fs/cgroup/a/hugetlb.1GB.max'] }, G), true)
  t.equal(looks({ ...own, files: ['/sys/fs/cgroup/x/hugetlb.2MB.max'] }), false)
  t.equal(looks({ ...own, files: ['/sys/fs/cgroup/a/b/hugetlb.2MB.max'] }), false)
  const named = { mounts: second, groups: '0::/größe\n' }
  t.equal(looks({ ...named, files: ['/sys/fs/cgroup/größe/hugetlb.2MB.max'] }), true)
})

t.test('in a namespace of its own the group of a container is the root', async (t) => {
  const files = ['/sys/fs/cgroup/hugetlb.2MB.max']
  t.equal(looks({ mounts: second, groups: '0::/\n', files }), true)
  t.equal(looks({ mounts: second, groups: '0::/docker/1\n', files }), true)
  t.equal(looks({ mounts: second, groups: '0::/\n' }), false)
  t.equal(looks({ mounts: second, files }), true, 'without a file of the groups')
})

t.test('other places, also several, and without a file of the mounts', async (t) => {
  const unified = mount('/sys/fs/cgroup/unified', 'cgroup2')
  const files = ['/sys/fs/cgroup/unified/a/hugetlb.2MB.max']
  t.equal(looks({ mounts: `${second}${unified}`, groups: '0::/a\n', files }), true)
  t.equal(looks({ mounts: second, groups: '0::/a\n', files }), false)
  t.equal(looks({ groups: '0::/a\n', files: ['/sys/fs/cgroup/a/hugetlb.2MB.max'] }), true)
  t.equal(looks({}), false)
  t.equal(looks({ mounts: mount('/with\\040blank', 'cgroup2') }), true, 'left to what decodes it')
})

t.test('the first version, and huge pages that count as memory', async (t) => {
  t.equal(looks({ mounts: mount('/cg', 'cgroup', 'rw,hugetlb') }), true)
  t.equal(looks({ mounts: mount('/cg', 'cgroup', 'rw,cpu') }), false)
  t.equal(looks({ mounts: mount('/hugetlb', 'tmpfs', 'rw') }), false)
  const accounting = 'rw,nsdelegate,memory_hugetlb_accounting'
  t.equal(looks({ mounts: mount('/cg', 'cgroup2', accounting) }), true)
})

t.test('of several sizes one is enough, and a file that cannot be read says nothing', async (t) => {
  const kernel = fakeKernel({ nodes: [{ id: 0, memory: G }], pools: [{ size: G }] })
  kernel.extra.set('/proc/self/cgroup', '0::/a\n')
  kernel.extra.set('/proc/self/mountinfo', second)
  t.equal(isMaybeLimited(kernel, [2n * M, G]), false)
  kernel.extra.set('/sys/fs/cgroup/a/hugetlb.1GB.max', 'max\n')
  t.equal(isMaybeLimited(kernel, [2n * M, G]), true)
  t.equal(isMaybeLimited(kernel, [2n * M]), false)
  kernel.failRead('/proc/self/mountinfo', 'EIO', 'always')
  t.equal(isMaybeLimited(kernel, [G]), true, 'it is mounted in the usual place')
  kernel.failRead('/proc/self/cgroup', 'EIO', 'always')
  t.equal(isMaybeLimited(kernel, [G]), false)
})
