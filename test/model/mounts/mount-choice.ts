import t from 'tap'
import type { HugetlbfsMount } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import {
  chooseMount,
  remountAdvice,
  uncoverAdvice,
} from '../../../src/model/mounts/mount-choice.ts'
import { M } from '../../helpers/sizes.ts'

const mount = (target: string, more: Partial<HugetlbfsMount> = {}): HugetlbfsMount => ({
  target,
  device: '0:39',
  source: 'none',
  pageSize: 2n * M,
  uid: 0,
  gid: 0,
  mode: '0755',
  options: 'rw,pagesize=2M',
  hidden: false,
  ...more,
})

t.test('a mount of the page size, one without limits first', async (t) => {
  const limited = mount('/limited', { size: 4n * M })
  const large = mount('/large', { pageSize: 1024n * M })
  t.equal(chooseMount([large, limited, mount('/free')], 2n * M), '/free')
  t.equal(chooseMount([large, limited], 2n * M), '/limited')
  t.equal(chooseMount([large, limited], 1024n * M), '/large')
  const makes = "'hugepool mount DIR --pagesize 2M --mkdir' makes one; --via memfd needs none"
  const none = 'no hugetlbfs with pages of 2M is mounted'
  const hidden = mount('/a', { hidden: true })
  const readOnly = mount('/ro', { options: 'ro,pagesize=2M' })
  for (const [mounts, message, hint] of [
    [[], none, makes],
    [[large], none, makes],
    [
      [hidden, mount('/b', { hidden: true })],
      'another mount lies over /a, /b',
      `'umount /a' takes away what lies over it\n${makes}`,
    ],
    [
      [hidden, readOnly],
      '/ro: the mount is read-only (EROFS)',
      `'mount -o remount,rw /ro' makes it writable\n${makes}`,
    ],
  ] as const)
    t.throws(() => chooseMount(mounts, 2n * M), {
      code: 'E_UNSUPPORTED',
      reason: 'not-mounted',
      message,
      hint,
    })
})

t.test('a directory that is named', async (t) => {
  const mounts = [mount('/mnt/huge'), mount('/mnt/huge/one', { pageSize: 1024n * M })]
  t.equal(chooseMount(mounts, 2n * M, '/mnt/huge'), '/mnt/huge')
  t.equal(chooseMount(mounts, 2n * M, '/mnt/huge/sub'), '/mnt/huge/sub')
  t.equal(chooseMount(mounts, 1024n * M, '/mnt/huge/one/x'), '/mnt/huge/one/x')
  for (const directory of ['/mnt', '/mnt/hugely', '/mnt/huge/one'])
    t.throws(() => chooseMount(mounts, 2n * M, directory), { code: 'E_USAGE' }, directory)
})

t.test('a directory ends no command that can be typed, and begins no line', async (t) => {
  const target = "/a;id'\n\u001b"
  const word = `"$(printf '/a;id'\\''\\012\\033')"`
  t.equal(remountAdvice(target), `"mount -o remount,rw ${word}" makes it writable`)
  t.equal(uncoverAdvice(target), `"umount ${word}" takes away what lies over it`)
  t.equal(uncoverAdvice('/a b'), `"umount '/a b'" takes away what lies over it`)
})
