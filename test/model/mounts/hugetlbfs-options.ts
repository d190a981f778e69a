import t from 'tap'
import { parseHugetlbfsOptions } from '../../../src/model/mounts/hugetlbfs-options.ts'
import { G, M } from '../../helpers/sizes.ts'

const K = 1024n

const understood = { unclear: [], shares: [] }

const usual = { uid: 0, gid: 0, mode: '0755', ...understood }

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
      ...understood,
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

t.test('options as they were typed, which kernels before 4.13 show', async (t) => {
  const parsed = (options: string) => parseHugetlbfsOptions(options, 2n * M)
  t.strictSame(parsed('rw,seclabel'), { pageSize: 2n * M, ...usual }, 'the default page size')
  t.strictSame(parsed('rw,pagesize=1G'), { pageSize: G, ...usual })
  t.strictSame(parsed('rw,mode=775,gid=125'), {
    pageSize: 2n * M,
    ...usual,
    gid: 125,
    mode: '0775',
  })
  t.hasStrict(parsed('rw,pagesize=1g,size=4G,min_size=2g,nr_inodes=1k,mode=01770,uid=0x10'), {
    pageSize: G,
    size: 4n * G,
    minSize: 2n * G,
    inodes: 1024n,
    mode: '1770',
    uid: 16,
    ...understood,
  })
  t.hasStrict(parsed('rw,size=5M,min_size=3000000'), { size: 4n * M, minSize: 2n * M })
  t.hasStrict(parsed('rw,size=1M'), { size: 0n }, 'less than a page is none')
  t.hasStrict(parsed('rw,mode=7755'), { mode: '1755' }, 'bits that the kernel drops')
  t.hasStrict(parsed('rw,pagesize=1G,pagesize=2M'), { pageSize: 2n * M }, 'the last one counts')
})

t.test('a share of the pool is not known in bytes', async (t) => {
  const { size, minSize, unclear, shares } = parseHugetlbfsOptions('size=10%,min_size=5%', 2n * M)
  t.strictSame(
    { size, minSize, unclear, shares },
    { size: undefined, minSize: undefined, unclear: [], shares: ['size=10%', 'min_size=5%'] },
  )
})

t.test('forms of a page size that mean the same', async (t) => {
  for (const text of ['2M', '2m', '2MB', '02M', '0x2M', '2048K', '2097152', '2G'])
    t.equal(
      parseHugetlbfsOptions(`rw,pagesize=${text}`).pageSize,
      text === '2G' ? 2n * G : 2n * M,
      text,
    )
})

t.test('what is not understood is named, and the rest is there', async (t) => {
  t.strictSame(parseHugetlbfsOptions('rw'), {
    uid: 0,
    gid: 0,
    mode: '0755',
    unclear: ['pagesize'],
    shares: [],
  })
  for (const size of ['', '0M', 'M', '2', '-2M', 'M2', '2.5M', '3M'])
    t.strictSame(
      parseHugetlbfsOptions(`rw,pagesize=${size}`, 2n * M),
      { uid: 0, gid: 0, mode: '0755', unclear: [`pagesize=${size}`], shares: [] },
      size,
    )
  const words = ['size=x', 'min_size=-1', 'nr_inodes=many', 'uid=abc', 'gid=', 'mode=9']
  t.strictSame(parseHugetlbfsOptions(`rw,pagesize=2M,${words.join(',')}`), {
    pageSize: 2n * M,
    unclear: words,
    shares: [],
  })
})
