import t from 'tap'
import { remount, unattachedMount } from '../../../src/kernel/mounts/attach-mount.ts'
import type { HugetlbfsMount } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { allClosed, attach, desired, isOpen, stage } from '../../helpers/mount-stage.ts'

t.test('the calls and their order', async (t) => {
  const one = stage(t)
  attach(one)
  t.strictSame(one.calls, [
    'fsopen hugetlbfs',
    'fsconfig 1 source none',
    'fsconfig 1 uid 5',
    'fsconfig 1 gid 6',
    'fsconfig 1 mode 0770',
    'fsconfig 1 nr_inodes 9',
    'fsconfig 1 pagesize 2M',
    'fsconfig 1 size 8388608',
    'fsconfig 1 min_size 2097152',
    'fsconfig 0 ro',
    'fsconfig 6',
    'fsmount 15',
    'move_mount /mnt/huge',
  ])
  allClosed(t, one)
})

t.test('without flags and limits', async (t) => {
  const one = stage(t)
  const { target, pageSize, uid, gid, mode } = desired
  attach(one, { target, pageSize, uid, gid, mode, flags: [] })
  t.strictSame(one.calls.slice(-4), [
    'fsconfig 1 pagesize 2M',
    'fsconfig 6',
    'fsmount 0',
    'move_mount /mnt/huge',
  ])
  const nosuid = stage(t)
  attach(nosuid, { ...desired, flags: ['nosuid', 'nodev'] })
  t.equal(nosuid.calls.at(-2), 'fsmount 6')
})

t.test('nothing is attached before attach', async (t) => {
  const one = stage(t)
  const unattached = unattachedMount(one.native, desired)
  t.equal(one.calls.at(-1), 'fsmount 15')
  t.strictSame(one.opened.map(isOpen), [false, true], 'the context is closed, the mount is not')
  unattached.close()
  allClosed(t, one)
})

t.test('where fsopen is missing or filtered out, mount(2) does it all', async (t) => {
  const data = 'uid=5,gid=6,mode=0770,nr_inodes=9,pagesize=2M,size=8388608,min_size=2097152'
  for (const errno of ['ENOSYS', 'EPERM'] as const) {
    const one = stage(t, 'fsopen', errno)
    attach(one)
    const line = `mount none /mnt/huge hugetlbfs 15 ${data}`
    t.strictSame(one.calls, ['fsopen hugetlbfs', line], errno)
    t.strictSame(one.opened, [])
  }
})

t.test('mount(2) fails only when it is attached', async (t) => {
  const calls: string[] = []
  const native = nativeWith({
    fsopen: () => {
      throw systemError('ENOSYS', 'fsopen')
    },
    mount: (...words) => {
      calls.push(words.join(' '))
      throw systemError('EPERM', 'mount')
    },
  })
  const unattached = unattachedMount(native, desired)
  t.strictSame(calls, [])
  t.throws(() => unattached.attach(), { code: 'E_PERMISSION', hint: /CAP_SYS_ADMIN/ })
  t.equal(calls.length, 1)
})

const mounted = (options: string): HugetlbfsMount => ({
  target: '/mnt/huge',
  device: '0:39',
  source: 'none',
  pageSize: 2n ** 21n,
  uid: 0,
  gid: 0,
  mode: '0755',
  options,
  hidden: false,
})

t.test('a remount gives the flags and no option of the file system', async (t) => {
  const one = stage(t)
  remount(one.native, mounted('rw,nosuid,relatime,pagesize=2M'), ['ro', 'nodev'])
  remount(one.native, mounted('rw,relatime,pagesize=2M'), [])
  t.strictSame(one.calls, [
    `mount none /mnt/huge hugetlbfs ${32 | 1 | 4} `,
    'mount none /mnt/huge hugetlbfs 32 ',
  ])
})

t.test('a remount keeps the flags that hugepool does not know', async (t) => {
  const one = stage(t)
  remount(one.native, mounted('rw,nosymfollow,noatime,sync,lazytime,pagesize=2M'), ['nosuid'])
  const bits = 32 | 2 | 16 | 256 | (1 << 25)
  t.strictSame(one.calls, [`mount none /mnt/huge hugetlbfs ${bits} `])
})

t.test('a remount that fails', async (t) => {
  const one = stage(t, 'mount', 'EPERM')
  t.throws(() => remount(one.native, mounted('rw'), []), {
    code: 'E_PERMISSION',
    message: 'remount /mnt/huge: operation not permitted',
    hint: /CAP_SYS_ADMIN/,
  })
  t.throws(() => remount(stage(t, 'mount', 'EBUSY').native, mounted('rw'), []), {
    code: 'E_KERNEL',
  })
})
