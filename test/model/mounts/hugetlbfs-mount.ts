import t from 'tap'
import {
  allOptions,
  type MountLine,
  parseHugetlbfsOptions,
} from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { G, M } from '../../helpers/sizes.ts'

const K = 1024n

const usual = { uid: 0, gid: 0, mode: '0755' }

const lineOf = (flags: string, options: string): MountLine => ({
  id: 2,
  parent: 1,
  device: '0:50',
  root: '/',
  target: '/x',
  flags,
  type: 'hugetlbfs',
  source: 'none',
  options,
})

t.test('page sizes as the kernel prints them, in K and M only', async (t) => {
  const sizes = {
    '64K': 64n * K,
    '512K': 512n * K,
    '1M': M,
    '2M': 2n * M,
    '512M': 512n * M,
    '1024M': G,
    '16384M': 16n * G,
  }
  for (const [text, pageSize] of Object.entries(sizes))
    t.strictSame(parseHugetlbfsOptions(`rw,pagesize=${text}`), { pageSize, ...usual }, text)
})

t.test('limits are bytes, and absent where there is none', async (t) => {
  t.strictSame(
    parseHugetlbfsOptions(
      'rw,uid=64055,gid=108,mode=770,nr_inodes=64,pagesize=1024M,size=4294967296,min_size=1073741824',
    ),
    {
      pageSize: G,
      size: 4n * G,
      minSize: G,
      inodes: 64n,
      uid: 64055,
      gid: 108,
      mode: '0770',
    },
  )
  t.match(parseHugetlbfsOptions('rw,pagesize=2M,size=0'), { size: 0n }, 'nothing is not no limit')
  t.hasStrict(parseHugetlbfsOptions('rw,pagesize=2M,min_size=8388608'), {
    size: undefined,
    minSize: 8n * M,
  })
})

t.test('the largest limits', async (t) => {
  for (const size of [2n ** 63n, 2n ** 64n - 2n ** 21n, 2n ** 64n - 1n])
    t.hasStrict(parseHugetlbfsOptions(`rw,pagesize=2M,size=${size}`), { size })
  t.match(parseHugetlbfsOptions('rw,uid=4294967294,pagesize=2M'), { uid: 4294967294 })
})

t.test('modes come without leading zeros', async (t) => {
  const modes = { '700': '0700', '1777': '1777', '7': '0007', '70': '0070', '0': '0000' }
  for (const [text, mode] of Object.entries(modes))
    t.hasStrict(parseHugetlbfsOptions(`rw,mode=${text},pagesize=2M`), { mode })
})

t.test('in any order and among others', async (t) => {
  t.strictSame(parseHugetlbfsOptions('pagesize=2M,seclabel,x=,rw,context="a:b,c",mode=700'), {
    pageSize: 2n * M,
    ...usual,
    mode: '0700',
  })
})

t.test('without a page size it is nothing that can be shown', async (t) => {
  for (const text of ['', 'rw', 'rw,pagesize', 'rw,pagesize=', 'rw,pagesize=0M', 'rw,pagesize=M'])
    t.equal(parseHugetlbfsOptions(text), undefined, text)
  for (const size of ['2', '2G', '2MB', '-2M', '0x2M', '02M', 'M2', '2.5M'])
    t.equal(parseHugetlbfsOptions(`rw,pagesize=${size}`), undefined, size)
})

t.test('all options in one list', async (t) => {
  t.equal(allOptions(lineOf('rw,nosuid', 'rw,pagesize=2M')), 'rw,nosuid,pagesize=2M')
  t.equal(allOptions(lineOf('ro,nodev', 'rw,pagesize=2M')), 'ro,nodev,pagesize=2M')
  t.equal(allOptions(lineOf('rw,nodev', 'ro,pagesize=2M')), 'ro,nodev,pagesize=2M')
  t.equal(allOptions(lineOf('rw', 'ro,pagesize=2M')), 'ro,pagesize=2M')
})
