import t from 'tap'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { cellsOf, global2M, lines, onFake, writesOf } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const releases = ['5.10', '6.1', '6.12', '6.19', '7.0']
const nodes = [{ id: 0, memory: 4n * G }]
const heading = 'SIZE  NODE  BEFORE  REQUESTED  AFTER  SHORT  OUTCOME'

for (const release of releases)
  t.test(`done, then unchanged without a write, on ${release}`, async (t) => {
    const kernel = fakeKernel({ release, nodes })
    t.same(await onFake(kernel, 'resize 2M=5 1G=1'), {
      status: 0,
      stdout: lines(
        heading,
        '2M     all       0          5      5      0  done',
        '1G     all       0          1      1      0  done',
      ),
      stderr: '',
    })
    t.same(writesOf(kernel), ['1048576kB nr_hugepages=1', '2048kB nr_hugepages=5'])
    t.same(await onFake(kernel, 'set 1G=1 2M=5'), {
      status: 0,
      stdout: lines(
        heading,
        '1G     all       1          1      1      0  unchanged',
        '2M     all       5          5      5      0  unchanged',
      ),
      stderr: '',
    })
    t.equal(kernel.writes.length, 2)
  })

t.test('less than asked for is partial, and is kept', async (t) => {
  const kernel = fakeKernel({ nodes: [{ id: 0, memory: 64n * M }] })
  t.same(await onFake(kernel, 'resize 2M=40 --leave 0'), {
    status: 64,
    stdout: lines(heading, '2M     all       0         40     32      8  partial'),
    stderr: lines(
      'hugepool: 2M: asked for 40, got 32: 8 short',
      'hint: node 0 has 0 free, with 0 contiguous blocks of 2M',
      'hint: --compact asks the kernel to make contiguous memory and tries again',
    ),
  })
  t.same(cellsOf(kernel, global2M), [32, 32, 0, 0])
})

t.test('nothing of what was asked for is partial too', async (t) => {
  const kernel = fakeKernel({ nodes, pools: [{ size: 2n * M, persistent: { 0: 4n } }] })
  kernel.limitGrowth(2n * M, 0n)
  const { status, stdout } = await onFake(kernel, 'resize 2M=10 -nr')
  t.same({ status, stdout }, { status: 64, stdout: '2M all 4 10 4 6 partial\n' })
})

/** 4 persistent pages and 4 of surplus, all in use. */
const withSurplus = (release = '6.12') => {
  const pools = [{ size: 2n * M, persistent: { 0: 4n }, overcommit: 6n }]
  const kernel = fakeKernel({ release, nodes, pools })
  const mapping = kernel.map(2n * M, 8n)
  mapping.touch(8n)
  return { kernel, mapping }
}

for (const release of releases)
  t.test(`a growth turns surplus into persistent pages first, on ${release}`, async (t) => {
    const { kernel } = withSurplus(release)
    t.same(cellsOf(kernel, global2M), [8, 0, 0, 4])
    t.same(await onFake(kernel, 'resize 2M=+1'), {
      status: 0,
      stdout: lines(heading, '2M     all       4          5      5      0  done'),
      stderr: '',
    })
    t.same(cellsOf(kernel, global2M), [8, 0, 0, 3], 'relative to persistent pages, no new one')
    await onFake(kernel, 'resize 2M=10')
    t.same(cellsOf(kernel, global2M), [10, 2, 0, 0], 'only what is left is allocated')
    t.same(writesOf(kernel), ['2048kB nr_hugepages=5', '2048kB nr_hugepages=10'])
  })

t.test('the total may be what was asked for while the persistent pages are not', async (t) => {
  const { kernel } = withSurplus()
  const { stdout } = await onFake(kernel, 'resize 2M=8')
  t.equal(stdout, lines(heading, '2M     all       4          8      8      0  done'))
})

t.test('a relative count starts from persistent pages', async (t) => {
  const { kernel } = withSurplus()
  const words = 'resize 2M=-2 -n --output BEFORE,REQUESTED,AFTER -r'
  t.same(await onFake(kernel, words), {
    status: 0,
    stdout: '4 2 2\n',
    stderr:
      'hugepool: note: 2M: 6 pages are still in use and became surplus, which overcommit allows: they leave the pool when they are freed\n',
  })
  const { stdout } = await onFake(kernel, 'resize 2M=+8M -nr')
  t.equal(stdout, '2M all 2 6 6 0 done\n')
})

t.test('a shrink below what is in use says what became of the rest', async (t) => {
  const pools = [{ size: 2n * M, persistent: { 0: 20n } }]
  const kernel = fakeKernel({ nodes, pools })
  const mapping = kernel.map(2n * M, 12n)
  mapping.touch(12n)
  t.same(await onFake(kernel, 'resize 2M=0'), {
    status: 64,
    stdout: lines(heading, '2M     all      20          0      0      0  partial'),
    stderr:
      'hugepool: note: 2M: 12 pages are in use: as surplus they leave the pool when they are freed, and a program that ends cannot get them again\n' +
      'hugepool: 2M: 12 pages are still in use and became surplus: they leave the pool when they are freed\n',
  })
  t.same(cellsOf(kernel, global2M), [12, 0, 0, 12])
  mapping.unmap()
  t.same(cellsOf(kernel, global2M), [0, 0, 0, 0], 'and so they do')
  const gone = lines(heading, '2M     all       0          0      0      0  unchanged')
  t.same(await onFake(kernel, 'resize 2M=0'), { status: 0, stdout: gone, stderr: '' })
})

const heldWords =
  'hugepool: note: 2M: 12 pages are in use: as surplus they leave the pool when they are freed, and a program that ends cannot get them again\n'
const stayWords =
  'hugepool: 2M: 12 pages are still in use and became surplus: they leave the pool when they are freed\n'

t.test('the same request has the same answer for as long as the pages are there', async (t) => {
  const pools = [{ size: 2n * M, persistent: { 0: 20n } }]
  const kernel = fakeKernel({ nodes, pools })
  const mapping = kernel.map(2n * M, 12n)
  mapping.touch(12n)
  await onFake(kernel, 'resize 2M=0')
  const writes = kernel.writes.length
  const again = lines(heading, '2M     all       0          0      0      0  partial')
  const stderr = heldWords + stayWords
  t.same(await onFake(kernel, 'resize 2M=0'), { status: 64, stdout: again, stderr })
  const onNode = await onFake(kernel, 'resize 2M=0:0 -nr')
  t.same([onNode.status, onNode.stdout], [64, '2M 0 0 0 0 0 partial\n'])
  const { stdout } = await onFake(kernel, 'resize 2M=0 --json')
  t.match(stdout, /"outcome":"partial","changes":.*"surplus":12,"aboveOvercommit":12/)
  t.notMatch(stdout, /becameSurplus/)
  t.same(await onFake(kernel, 'resize 2M=0 --dry-run'), {
    status: 0,
    stdout: '',
    stderr: `${heldWords}hugepool: note: nothing to do\n`,
  })
  t.same(await onFake(kernel, 'resize 2M=0 --all-or-nothing'), {
    status: 1,
    stdout: '',
    stderr: 'hugepool: 2M: 12 pages are in use, so it cannot shrink to 0; nothing was changed\n',
  })
  t.equal(kernel.writes.length, writes, 'nothing was written for any of these')
  const limit = await onFake(kernel, 'overcommit 2M=0')
  t.same([limit.status, limit.stderr.includes('12 surplus pages are above that')], [0, true])
  await onFake(kernel, 'overcommit 2M=12')
  const allowed = await onFake(kernel, 'resize 2M=0 --all-or-nothing -nr')
  t.same(allowed, {
    status: 0,
    stdout: '2M all 0 0 0 0 unchanged\n',
    stderr: stayWords
      .replace('hugepool:', 'hugepool: note:')
      .replace('surplus:', 'surplus, which overcommit allows:'),
  })
  t.match(await onFake(kernel, 'resize 2M=0 --dry-run'), {
    status: 0,
    stderr: /12 pages are in use: as surplus, which overcommit allows, they leave/,
  })
})

t.test('one page, and pages that are only reserved', async (t) => {
  const pools = [{ size: 2n * M, persistent: { 0: 3n } }]
  const one = fakeKernel({ nodes, pools })
  one.map(2n * M, 1n).touch(1n)
  t.same(
    (await onFake(one, 'resize 2M=0')).stderr,
    [
      'hugepool: note: 2M: 1 page is in use: as surplus it leaves the pool when it is freed, and a program that ends cannot get it again\n',
      'hugepool: 2M: 1 page is still in use and became surplus: it leaves the pool when it is freed\n',
    ].join(''),
  )
  const reserved = fakeKernel({ nodes, pools })
  reserved.map(2n * M, 2n)
  t.same(await onFake(reserved, 'resize 2M=1 -nr'), {
    status: 64,
    stdout: '2M all 3 1 1 0 partial\n',
    stderr:
      'hugepool: note: 2M: 1 page is in use or reserved: as surplus it leaves the pool when it is freed, and a program that ends cannot get it again\n' +
      'hugepool: 2M: 1 page is still in use or reserved and became surplus: it leaves the pool when it is freed\n',
  })
})

t.test('more taken away than there are is an error before any write', async (t) => {
  const kernel = fakeKernel({ nodes, pools: [{ size: 2n * M, persistent: { 0: 3n } }] })
  t.same(await onFake(kernel, 'resize 2M=-4'), {
    status: 2,
    stdout: '',
    stderr: lines(
      'hugepool: 2M has 3: cannot take 4 away',
      'hint: 2M=0 leaves none',
      "try 'hugepool resize --help'",
    ),
  })
  t.same(kernel.writes, [])
})
