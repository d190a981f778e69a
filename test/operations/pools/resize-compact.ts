import t from 'tap'
import { type FakeNode, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { cellsOf, global2M, lines, onFake, totals, writesOf } from '../../helpers/on-fake.ts'
import { G } from '../../helpers/sizes.ts'

const compactAll = '/proc/sys/vm/compact_memory'
const compactOne = (node: number) => `/sys/devices/system/node/node${node}/compact`
const fragmented = (id: number, gibibytes: bigint): FakeNode => ({
  id,
  memory: 4n * G,
  fragmentedBytes: gibibytes * G,
})

for (const release of ['5.10', '6.1', '6.12', '6.19', '7.0'])
  t.test(`compaction gains pages on ${release}`, async (t) => {
    const kernel = fakeKernel({ release, nodes: [fragmented(0, 3n)] })
    t.same(await onFake(kernel, 'resize 2M=600 -nr'), {
      status: 64,
      stdout: '2M all 0 600 512 88 partial\n',
      stderr: lines(
        'hugepool: 2M: asked for 600, got 512: 88 short',
        'hint: node 0 has 3G free, with 0 contiguous blocks of 2M',
        'hint: --compact asks the kernel to make contiguous memory and tries again',
      ),
    })
    const from = kernel.writes.length
    t.same(await onFake(kernel, 'resize 2M=600 --compact -nr'), {
      status: 0,
      stdout: '2M all 512 600 600 0 done\n',
      stderr: '',
    })
    t.same(writesOf(kernel, from), [
      '2048kB nr_hugepages=600',
      `${compactAll}=1`,
      '2048kB nr_hugepages=600',
    ])
  })

t.test('a node is compacted by its own file', async (t) => {
  const kernel = fakeKernel({ nodes: [fragmented(0, 4n), fragmented(1, 4n)] })
  const { status } = await onFake(kernel, 'resize 2M=1:100 --compact')
  t.equal(status, 0)
  t.same(totals(kernel), [0, 100])
  t.same(writesOf(kernel), [
    'node1 2048kB nr_hugepages=100',
    `${compactOne(1)}=1`,
    'node1 2048kB nr_hugepages=100',
  ])
})

t.test('under a policy the nodes of the policy are compacted', async (t) => {
  const kernel = fakeKernel({ nodes: [0, 1, 2].map((id) => fragmented(id, 4n)) })
  const { status } = await onFake(kernel, 'resize 2M=100 --compact --mempolicy bind:0,2')
  t.equal(status, 0)
  t.same(totals(kernel, [0, 1, 2]), [50, 0, 50])
  t.same(
    writesOf(kernel).filter((write) => write.endsWith('compact=1')),
    [`${compactOne(0)}=1`, `${compactOne(2)}=1`],
  )
})

t.test('nothing is compacted where nothing falls short, nor for a shrink', async (t) => {
  const kernel = fakeKernel({ nodes: [fragmented(0, 3n)] })
  await onFake(kernel, 'resize 2M=100 --compact')
  await onFake(kernel, 'resize 2M=10 --compact')
  t.same(writesOf(kernel), ['2048kB nr_hugepages=100', '2048kB nr_hugepages=10'])
})

t.test('it stops when nothing more is gained', async (t) => {
  const kernel = fakeKernel({ nodes: [fragmented(0, 0n)] })
  t.same(await onFake(kernel, 'resize 2M=3000 --compact --leave 0 -nr'), {
    status: 64,
    stdout: '2M all 0 3000 2048 952 partial\n',
    stderr: lines(
      'hugepool: 2M: asked for 3000, got 2048: 952 short',
      'hint: node 0 has 0 free, with 0 contiguous blocks of 2M',
    ),
  })
  t.equal(writesOf(kernel).filter((write) => write === `${compactAll}=1`).length, 1)
  t.same(writesOf(kernel).slice(-2), [`${compactAll}=1`, '2048kB nr_hugepages=2176'])
})

t.test('it goes on as long as each compaction gains', async (t) => {
  const kernel = fakeKernel({ nodes: [fragmented(0, 0n)] })
  kernel.limitGrowth(`${global2M}/nr_hugepages`, 0n)
  const { write } = kernel
  let compactions = 0
  kernel.write = (path, value) => {
    const room = path === compactAll ? 5n : 0n
    if (path === compactAll) compactions += 1
    else write(path, value)
    kernel.limitGrowth(`${global2M}/nr_hugepages`, compactions < 4 ? room : 0n)
  }
  t.equal(
    (await onFake(kernel, 'resize 2M=100 --compact -nr')).stdout,
    '2M all 0 100 15 85 partial\n',
  )
  t.equal(compactions, 4, 'the last one gained nothing')
})

t.test('a refused compaction: what was obtained is kept and shown', async (t) => {
  const kernel = fakeKernel({ nodes: [fragmented(0, 3n)] })
  kernel.failWrite(compactAll, 'EIO')
  const { status, stdout, stderr } = await onFake(kernel, 'resize 2M=600 --compact -nr')
  t.same({ status, stdout }, { status: 64, stdout: '2M all 0 600 512 88 partial\n' })
  t.ok(stderr.endsWith(lines(`hugepool: ${compactAll}: input/output error (EIO)`)))
})

t.test('a refused compaction with --all-or-nothing puts the pool back', async (t) => {
  const kernel = fakeKernel({ nodes: [fragmented(0, 3n)] })
  const before = kernel.snapshot()
  kernel.failWrite(compactAll, 'EIO')
  t.same(await onFake(kernel, 'resize 2M=600 --compact --all-or-nothing'), {
    status: 1,
    stdout: '',
    stderr: lines(`hugepool: ${compactAll}: input/output error (EIO); put back as before: 2M`),
  })
  t.same(kernel.snapshot(), before)
})

t.test('compaction that is not allowed is found before the first write', async (t) => {
  const kernel = fakeKernel({ nodes: [fragmented(0, 3n)] })
  const { checkWritable } = kernel
  kernel.checkWritable = (path) => {
    kernel.unprivileged = path === compactAll
    checkWritable(path)
  }
  t.same(await onFake(kernel, 'resize 2M=600 --compact'), {
    status: 3,
    stdout: '',
    stderr: lines(`hugepool: ${compactAll}: permission denied`, 'hint: run it as root'),
  })
  t.same(kernel.writes, [])
  t.same(cellsOf(kernel, global2M), [0, 0, 0, 0])
})
