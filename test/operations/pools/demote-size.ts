import t from 'tap'
import { octets } from '../../../src/model/etc/octets.ts'
import { type FakeKernelOptions, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines, onFake, poolAt, signalDuringWrite, writesOf } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const size64K = 64n * 1024n
const sizePath = (kilobytes: number) => `${poolAt(kilobytes)}/demote_size`

/** arm64 with pages of 4K: 2M pages start with a demote_size that cannot be written back. */
const arm = (options: FakeKernelOptions = {}) =>
  fakeKernel({
    sizes: [size64K, 2n * M, 32n * M, G],
    smallestDemoteSize: 2n * M,
    nodes: [{ id: 0, memory: 8n * G }],
    pools: [
      { size: 2n * M, persistent: { 0: 3n } },
      { size: 32n * M, persistent: { 0: 2n } },
      { size: G, persistent: { 0: 2n } },
    ],
    ...options,
  })

for (const release of ['6.1', '6.12', '6.19', '7.0'])
  t.test(`--to sets demote_size and puts it back, on ${release}`, async (t) => {
    const kernel = arm({ release })
    t.same(await onFake(kernel, 'demote 1G=1 --to 2M'), {
      status: 0,
      stdout: lines(
        'SIZE  TO  NODE  REQUESTED  DEMOTED  BEFORE  AFTER  GAINED  OUTCOME',
        '1G    2M   all          1        1       2      1     512  done',
      ),
      stderr: '',
    })
    t.same(writesOf(kernel), [
      '1048576kB demote_size=2048kB',
      '1048576kB demote=1',
      '1048576kB demote_size=32768kB',
    ])
  })

t.test('demote_size stays untouched where it says so already or nobody asks', async (t) => {
  const kernel = arm()
  await onFake(kernel, 'demote 1G=1 --to 32M')
  await onFake(kernel, 'demote 2M=1')
  await onFake(kernel, 'demote 2M=1 --to 64K')
  t.same(writesOf(kernel), ['1048576kB demote=1', '2048kB demote=1', '2048kB demote=1'])
  t.equal(kernel.snapshot()[`${poolAt(64)}/nr_hugepages`], '64')
})

t.test('it is set once for several nodes', async (t) => {
  const nodes = [0, 1].map((id) => ({ id, memory: 8n * G }))
  const kernel = arm({ nodes, pools: [{ size: G, persistent: { 0: 1n, 1: 1n } }] })
  t.equal((await onFake(kernel, 'demote 1G=0:1,1:1 --to 2M')).status, 0)
  t.same(writesOf(kernel), [
    '1048576kB demote_size=2048kB',
    'node0 1048576kB demote=1',
    'node1 1048576kB demote=1',
    '1048576kB demote_size=32768kB',
  ])
})

t.test('a size that the kernel does not take is known beforehand', async (t) => {
  const kernel = arm()
  const before = kernel.snapshot()
  for (const more of ['', ' --dry-run'])
    t.same(await onFake(kernel, `demote 32M=1 --to 64K${more}`), {
      status: 4,
      stdout: '',
      stderr: `hugepool: 32M pages cannot be split into 64K pages at once
hint: the kernel goes no further than 2M at once; those pages are split in turn
`,
    })
  t.same(kernel.snapshot(), before)
})

t.test('a size that a kernel of unknown sizes does not take', async (t) => {
  const kernel = fakeKernel({
    sizes: [size64K, 128n * 1024n, 2n * M],
    smallestDemoteSize: 128n * 1024n,
    nodes: [{ id: 0, memory: G }],
    pools: [{ size: 2n * M, persistent: { 0: 4n } }],
  })
  const before = kernel.snapshot()
  t.same(await onFake(kernel, 'demote 2M=1 --to 64K'), {
    status: 4,
    stdout: '',
    stderr: `hugepool: ${sizePath(2048)}: the kernel does not split 2M into 64K pages (EINVAL)\n`,
  })
  t.same(kernel.snapshot(), before)
})

t.test('a size that is not taken back is only a note', async (t) => {
  const sizes = [size64K, 128n * 1024n, 2n * M]
  const kernel = fakeKernel({
    sizes,
    smallestDemoteSize: 128n * 1024n,
    nodes: [{ id: 0, memory: G }],
    pools: [{ size: 2n * M, persistent: { 0: 4n } }],
  })
  const { read } = kernel
  let initial = true
  kernel.read = (path) => (path === sizePath(2048) && initial ? octets('64kB\n') : read(path))
  const { write } = kernel
  kernel.write = (path, value) => {
    initial = false
    write(path, value)
  }
  t.same(await onFake(kernel, 'demote 2M=1 --to 128K -nr'), {
    status: 0,
    stdout: '2M 128K all 1 1 4 3 16 done\n',
    stderr: `hugepool: note: ${sizePath(2048)} stays at 128K: the kernel does not take 64K back (EINVAL)\n`,
  })
  t.equal(kernel.snapshot()[sizePath(2048)], '128kB')
})

t.test('it is put back when splitting fails, and after a signal', async (t) => {
  const kernel = arm()
  kernel.failWrite(`${poolAt(1048576)}/demote`, 'EIO')
  t.equal((await onFake(kernel, 'demote 1G=1 --to 2M')).status, 1)
  t.equal(kernel.snapshot()[sizePath(1048576)], '32768kB')
  const signal = signalDuringWrite(kernel, kernel.writes.length + 1)
  t.equal((await onFake(kernel, 'demote 1G=1 --to 2M', signal)).status, 'SIGINT')
  t.equal(kernel.snapshot()[sizePath(1048576)], '32768kB')
  t.equal(kernel.snapshot()[`${poolAt(1048576)}/nr_hugepages`], '2', 'nothing is split any more')
})

t.test('nothing to split: demote_size is not touched either', async (t) => {
  const kernel = arm()
  kernel.map(G, 2n)
  t.equal((await onFake(kernel, 'demote 1G=1 --to 2M')).status, 1)
  t.equal((await onFake(kernel, 'demote 1G=0 --to 2M')).status, 0)
  t.same(kernel.writes, [])
})

const wrong = [
  [
    'demote 2M=1 --to 2M',
    2,
    lines('hugepool: 2M pages cannot be split into 2M pages', "try 'hugepool demote --help'"),
  ],
  [
    'demote 2M=1 --to 1G',
    2,
    lines('hugepool: 2M pages cannot be split into 1G pages', "try 'hugepool demote --help'"),
  ],
  [
    'demote 1G=1 --to 16M',
    4,
    lines('hugepool: there are no 16M pages here', 'hint: this machine has 64K, 2M, 32M, 1G'),
  ],
  [
    'demote 1G=+1',
    2,
    lines(
      "hugepool: '+1': demote takes a number of pages, as 1G=2",
      'hint: 1G=max splits all that can be split',
      "try 'hugepool demote --help'",
    ),
  ],
  [
    'demote 1G=10%',
    2,
    lines(
      "hugepool: '10%': demote takes a number of pages, as 1G=2",
      'hint: 1G=max splits all that can be split',
      "try 'hugepool demote --help'",
    ),
  ],
] as const

for (const [line, status, stderr] of wrong)
  t.test(`${line} is an error before any write`, async (t) => {
    const kernel = arm()
    t.same(await onFake(kernel, line), { status, stdout: '', stderr })
    t.same(kernel.writes, [])
  })

t.test('several pools, larger pages first', async (t) => {
  const kernel = arm()
  t.equal(
    (await onFake(kernel, 'demote 32M=2 1G=1 -nr')).stdout,
    '1G 32M all 1 1 2 1 32 done\n32M 2M all 2 2 34 32 32 done\n',
  )
})
