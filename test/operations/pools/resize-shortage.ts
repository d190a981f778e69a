import t from 'tap'
import { type FakeKernelOptions, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines, onFake } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const nodes = [{ id: 0, memory: 4n * G }]
const hintOf2M =
  'hint: kernels before 7.0 cannot use memory that another pool occupies: shrink 2M first, then grow 1G'

/** 2M pages that break up the memory, so that 1G pages fall short. */
const brokenUp = (options: FakeKernelOptions = {}) =>
  fakeKernel({ nodes, pools: [{ size: 2n * M, persistent: { 0: 1500n } }], ...options })

t.test('1G pages short while 2M pages are free', async (t) => {
  t.same(await onFake(brokenUp(), 'resize 1G=2 --leave 0'), {
    status: 64,
    stdout: lines(
      'SIZE  NODE  BEFORE  REQUESTED  AFTER  SHORT  OUTCOME',
      '1G     all       0          2      1      1  partial',
    ),
    stderr: lines(
      'hugepool: 1G: asked for 2, got 1: 1 short',
      'hint: node 0 has 72M free; blocks of 1G are not counted by the kernel',
      hintOf2M,
      'hint: --compact asks the kernel to make contiguous memory and tries again',
    ),
  })
})

t.test('1G pages short while the 2M pages are in use or there are none', async (t) => {
  const inUse = brokenUp()
  inUse.map(2n * M, 1500n).touch(1500n)
  t.notMatch((await onFake(inUse, 'resize 1G=2 --leave 0')).stderr, hintOf2M)
  const reserved = brokenUp()
  reserved.map(2n * M, 1500n)
  t.notMatch((await onFake(reserved, 'resize 1G=2 --leave 0')).stderr, hintOf2M)
  const none = await onFake(fakeKernel({ nodes }), 'resize 1G=5 --leave 0')
  t.equal(
    none.stderr,
    lines(
      'hugepool: 1G: asked for 5, got 4: 1 short',
      'hint: node 0 has 0 free; blocks of 1G are not counted by the kernel',
      'hint: --compact asks the kernel to make contiguous memory and tries again',
    ),
  )
})

t.test('2M pages of another node do not stand in the way', async (t) => {
  const two = [...nodes, { id: 1, memory: 4n * G }]
  const kernel = brokenUp({ nodes: two })
  const there = await onFake(kernel, 'resize 1G=1:5 --leave 0')
  t.equal(there.status, 64)
  t.notMatch(there.stderr, 'shrink 2M first')
  const here = await onFake(brokenUp({ nodes: two }), 'resize 1G=0:2 --leave 0')
  t.match(here.stderr, hintOf2M)
})

t.test('2M pages short while 1G pages are free: they do not stand in the way', async (t) => {
  const kernel = fakeKernel({ nodes, pools: [{ size: G, persistent: { 0: 2n } }] })
  kernel.limitGrowth(2n * M, 0n)
  t.equal(
    (await onFake(kernel, 'resize 2M=5')).stderr,
    lines(
      'hugepool: 2M: asked for 5, got 0: 5 short',
      'hint: node 0 has 2G free, with 1024 contiguous blocks of 2M',
      'hint: --compact asks the kernel to make contiguous memory and tries again',
    ),
  )
})

t.test('every size that occupies memory is named, and not twice', async (t) => {
  const sizes = [2n * M, 32n * M, G]
  const pools = [
    { size: 2n * M, persistent: { 0: 700n, 1: 700n } },
    { size: 32n * M, persistent: { 0: 50n, 1: 50n } },
  ]
  const kernel = fakeKernel({ sizes, pools, nodes: [...nodes, { id: 1, memory: 4n * G }] })
  t.equal(
    (await onFake(kernel, 'resize 1G=0:3,1:3 --leave 0')).stderr,
    lines(
      'hugepool: 1G on node 0: asked for 3, got 1: 2 short',
      'hugepool: 1G on node 1: asked for 3, got 1: 2 short',
      'hint: node 0 has 72M free; blocks of 1G are not counted by the kernel',
      'hint: node 1 has 72M free; blocks of 1G are not counted by the kernel',
      'hint: kernels before 7.0 cannot use memory that another pool occupies: shrink 2M, 32M first, then grow 1G',
      'hint: --compact asks the kernel to make contiguous memory and tries again',
    ),
  )
})

t.test('free memory that lies in small blocks', async (t) => {
  const fragmented = { id: 0, memory: 4n * G, fragmentedBytes: 4n * G - 6n * M }
  const kernel = fakeKernel({ nodes: [fragmented, { id: 1, memory: 4n * G }] })
  t.equal(
    (await onFake(kernel, 'resize 2M=0:5')).stderr,
    lines(
      'hugepool: 2M on node 0: asked for 5, got 3: 2 short',
      'hint: node 0 has 4090M free, with 0 contiguous blocks of 2M',
      'hint: --compact asks the kernel to make contiguous memory and tries again',
    ),
  )
})

t.test('JSON tells the same of each node', async (t) => {
  const kernel = fakeKernel({ nodes: [...nodes, { id: 1, memory: 4n * G }] })
  kernel.limitGrowth(2n * M, 3n)
  kernel.limitGrowth(G, 0n)
  const whole = JSON.parse((await onFake(kernel, 'resize 1G=1 2M=3 --json')).stdout)
  t.same(
    whole.changes.map((change: { shortage?: unknown }) => change.shortage),
    [
      [
        { node: 0, free: Number(4n * G - 4n * M) },
        { node: 1, free: Number(4n * G - 2n * M) },
      ],
      undefined,
    ],
  )
  kernel.limitGrowth(2n * M, 0n)
  const one = JSON.parse((await onFake(kernel, 'resize 2M=1:9 --json')).stdout)
  t.same(one.changes[0].shortage, [{ node: 1, free: Number(4n * G - 2n * M), ready: 2047 }])
})

t.test('a kernel that tells less gets fewer hints', async (t) => {
  const kernel = brokenUp()
  for (const path of ['/proc/buddyinfo', '/proc/self/auxv'])
    kernel.failRead(path, 'ENOENT', 'always')
  t.equal(
    (await onFake(kernel, 'resize 1G=2 --leave 0')).stderr,
    'hugepool: 1G: asked for 2, got 1: 1 short\n',
  )
  kernel.failRead('/proc/buddyinfo', 'EACCES')
})

t.test('pages in use after a shrink are no shortage of memory', async (t) => {
  const kernel = brokenUp()
  kernel.map(2n * M, 5n).touch(5n)
  const { status, stderr } = await onFake(kernel, 'resize 2M=0')
  t.equal(status, 64)
  t.notMatch(stderr, /hint:/)
})

t.test('2M pages that the same call adds did not stand in the way of its 1G pages', async (t) => {
  const kernel = fakeKernel({ nodes })
  kernel.limitGrowth(G, 0n)
  t.same(await onFake(kernel, 'resize 1G=2 2M=10 --leave 0'), {
    status: 64,
    stdout: lines(
      'SIZE  NODE  BEFORE  REQUESTED  AFTER  SHORT  OUTCOME',
      '1G     all       0          2      0      2  partial',
      '2M     all       0         10     10      0  done',
    ),
    stderr: lines(
      'hugepool: 1G: asked for 2, got 0: 2 short',
      'hint: node 0 has 4076M free; blocks of 1G are not counted by the kernel',
      'hint: --compact asks the kernel to make contiguous memory and tries again',
    ),
  })
})
