import t from 'tap'
import type { MountLine } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { mountToRemove, umountLine } from '../../../src/model/mounts/umount-target.ts'

const line = (id: number, parent: number, target: string, type = 'hugetlbfs'): MountLine => ({
  id,
  parent,
  device: '0:50',
  root: '/',
  target,
  flags: 'rw',
  type,
  source: 'none',
  options: 'rw,pagesize=2M',
})

const root = line(1, 0, '/', 'ext4')
const huge = line(2, 1, '/mnt/huge')

t.test('the mount that a path leads to', async (t) => {
  t.equal(mountToRemove([root, huge], '/mnt/huge'), huge)
  const upper = line(3, 2, '/mnt/huge')
  t.equal(mountToRemove([root, huge, upper], '/mnt/huge'), upper, 'the topmost of two')
  t.equal(mountToRemove([root, upper, huge], '/mnt/huge'), upper, 'in any order')
})

t.test('where nothing is mounted', async (t) => {
  t.throws(() => mountToRemove([root, huge], '/mnt'), {
    code: 'E_UNSUPPORTED',
    message: '/mnt: nothing is mounted there',
    hint: "'hugepool mounts' shows what is mounted",
  })
  const inner = line(3, 2, '/mnt/huge/a b')
  t.throws(() => mountToRemove([root, huge, inner], '/mnt/huge/a b/c/d'), {
    code: 'E_UNSUPPORTED',
    hint: "it lies in the mount '/mnt/huge/a b'",
  })
  t.throws(() => mountToRemove([], '/'), { code: 'E_UNSUPPORTED' })
})

t.test('other types are refused by name', async (t) => {
  t.throws(() => mountToRemove([root, huge], '/'), {
    code: 'E_REFUSED',
    message: '/: ext4 is mounted there, not hugetlbfs',
    hint: 'umount(8) removes mounts of type ext4',
  })
  const over = line(3, 2, '/mnt/huge', 'tmpfs')
  t.throws(() => mountToRemove([root, huge, over], '/mnt/huge'), {
    code: 'E_REFUSED',
    message: '/mnt/huge: tmpfs is mounted there, not hugetlbfs',
    hint: 'it hides a hugetlbfs; umount(8) removes the tmpfs',
  })
})

t.test('a mount that the path does not lead to', async (t) => {
  const over = line(3, 1, '/mnt', 'tmpfs')
  t.throws(() => mountToRemove([root, huge, over], '/mnt/huge'), {
    code: 'E_REFUSED',
    message: '/mnt/huge: what is mounted there is hidden by a mount above it',
  })
})

t.test('a mount with others in it', async (t) => {
  const inner = [line(3, 2, '/mnt/huge/a', 'tmpfs'), line(4, 2, '/mnt/huge/b c')]
  t.throws(() => mountToRemove([root, huge, ...inner], '/mnt/huge'), {
    code: 'E_REFUSED',
    message: "/mnt/huge: something is mounted in it: /mnt/huge/a, '/mnt/huge/b c'",
    hint: 'unmount that first',
  })
})

t.test('the line for a shell', async (t) => {
  t.equal(umountLine('/mnt/huge', false), 'umount /mnt/huge')
  t.equal(umountLine("/mnt/it's", true), "umount -l '/mnt/it'\\''s'")
})
