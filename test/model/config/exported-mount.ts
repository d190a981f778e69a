import t from 'tap'
import { exportedMount } from '../../../src/model/config/exported-mount.ts'
import type { ShownMount } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { M } from '../../helpers/sizes.ts'

const usual: ShownMount = {
  target: '/mnt/huge',
  device: '0:1',
  source: 'none',
  pageSize: 2n * M,
  uid: 0,
  gid: 0,
  mode: '0755',
  options: 'rw,nosuid,nodev,relatime,pagesize=2M',
  hidden: false,
}

/** The mount that a file would have, or why there is none. */
const exported = (mount: Partial<ShownMount>, all = false) => {
  const result = exportedMount({ ...usual, ...mount }, all)
  return 'mount' in result ? result.mount : result
}

const request = { target: '/mnt/huge', pageSize: 2n * M, flagWords: '' }

t.test('a usual mount has nothing but its page size', async (t) => {
  t.strictSame(exported({}), { request, mkdir: false, over: false })
})

t.test('limits, owner, mode and flags', async (t) => {
  t.strictSame(
    exported({
      size: 8n * M,
      minSize: 2n * M,
      inodes: 5n,
      uid: 1,
      gid: 2,
      mode: '1770',
      options: 'ro,nodev,noexec,relatime',
    }),
    {
      request: {
        ...request,
        size: { kind: 'memory', bytes: 8n * M },
        minSize: { kind: 'memory', bytes: 2n * M },
        inodes: 5n,
        user: '1',
        group: '2',
        mode: '1770',
        flagWords: 'ro,suid,noexec',
      },
      mkdir: false,
      over: false,
    },
  )
  t.strictSame(exported({ options: 'rw' }), {
    request: { ...request, flagWords: 'suid,dev' },
    mkdir: false,
    over: false,
  })
})

t.test('a limit that is none, and directories that are gone at the next start', async (t) => {
  t.strictSame(exported({ size: 2n ** 64n - 2n ** 21n }), { request, mkdir: false, over: false })
  for (const target of ['/run/x', '/dev/x', '/tmp/x'])
    t.strictSame(exported({ target }), {
      request: { ...request, target },
      mkdir: true,
      over: false,
    })
})

t.test('what is left out, and why', async (t) => {
  const cases: readonly (readonly [Partial<ShownMount>, string])[] = [
    [{ hidden: true }, 'another mount lies on it'],
    [{ bound: '/vm' }, 'a directory of another hugetlbfs is bound there'],
    [{ target: '/b\ufffdr' }, 'its name is not UTF-8'],
    [
      { shares: ['size=10%', 'min_size=1%'] },
      'its size=10% and min_size=1% was a share of the pool',
    ],
    [{ target: '/dev/hugepages' }, 'systemd sees to it; --all has it'],
    [{ target: '/run/hugepages/kvm' }, 'the package of QEMU sees to it; --all has it'],
    [{ size: 0n }, 'its limits are none that could be asked for'],
    [{ inodes: 1n }, 'its limits are none that could be asked for'],
    [{ size: 2n * M, minSize: 4n * M }, 'its limits are none that could be asked for'],
  ]
  for (const [mount, why] of cases) t.strictSame(exported(mount), { why })
  t.strictSame(exported({ target: '/dev/hugepages' }, true), {
    request: { ...request, target: '/dev/hugepages' },
    mkdir: true,
    over: false,
  })
  t.strictSame(exported({ unclear: ['mode=9', 'x'] }), { unread: 'not understood: mode=9, x' })
})
