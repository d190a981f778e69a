import t from 'tap'
import { type FakeKernelOptions, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import {
  cellsOf,
  global2M,
  lines,
  node2M,
  onFake,
  totals,
  writesOf,
} from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const heading = 'SIZE  NODE  BEFORE  REQUESTED  AFTER  SHORT  OUTCOME'

/** Two nodes, and one without memory with a gap before its id. */
const threeNodes = (options: FakeKernelOptions = {}) =>
  fakeKernel({
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
      { id: 3, memory: 0n },
    ],
    ...options,
  })

for (const release of ['6.1', '6.12', '6.19', '7.0'])
  t.test(`a pool has a row, and its nodes too, on ${release}`, async (t) => {
    const kernel = threeNodes({ release })
    t.same(await onFake(kernel, 'resize 2M=5'), {
      status: 0,
      stdout: lines(
        heading,
        '2M     all       0          5      5      0  done',
        '2M       0       0          -      3      -  -',
        '2M       1       0          -      2      -  -',
        '2M       3       0          -      0      -  -',
      ),
      stderr: '',
    })
    t.same(totals(kernel, [0, 1, 3]), [3, 2, 0])
  })

t.test('before 6.1 a node without memory has no row', async (t) => {
  const kernel = threeNodes({ release: '5.10' })
  t.equal(
    (await onFake(kernel, 'resize 2M=1 -nr')).stdout,
    '2M all 0 1 1 0 done\n2M 0 0 - 1 - -\n2M 1 0 - 0 - -\n',
  )
})

t.test('nodes that cannot give are made up for by others', async (t) => {
  const small = { id: 0, memory: 4n * G, free: 4n * M }
  const kernel = fakeKernel({ nodes: [small, { id: 1, memory: 4n * G }] })
  const { status, stdout } = await onFake(kernel, 'resize 2M=9 --leave 0')
  t.equal(status, 0)
  t.equal(
    stdout,
    lines(
      heading,
      '2M     all       0          9      9      0  done',
      '2M       0       0          -      2      -  -',
      '2M       1       0          -      7      -  -',
    ),
  )
})

t.test('the node form sets each node and adds them up', async (t) => {
  const kernel = threeNodes({ pools: [{ size: 2n * M, persistent: { 0: 3n, 1: 2n } }] })
  t.same(await onFake(kernel, 'resize 2M=0:4,1:1'), {
    status: 0,
    stdout: lines(
      heading,
      '2M       0       3          4      4      0  done',
      '2M       1       2          1      1      0  done',
      '2M     sum       5          5      5      0  done',
    ),
    stderr: '',
  })
  t.same(writesOf(kernel), ['node1 2048kB nr_hugepages=1', 'node0 2048kB nr_hugepages=4'])
})

t.test('--node means the count on each node, and the output says so', async (t) => {
  const kernel = threeNodes()
  t.same(await onFake(kernel, 'resize 2M=7 --node 0-1'), {
    status: 0,
    stdout: lines(
      heading,
      '2M       0       0          7      7      0  done',
      '2M       1       0          7      7      0  done',
      '2M     sum       0         14     14      0  done',
    ),
    stderr: 'hugepool: note: 2M: 7 pages on each of nodes 0-1, 14 in all\n',
  })
  t.same(await onFake(kernel, 'resize 2M=+1 --node all -nr'), {
    status: 0,
    stdout: '2M 0 7 8 8 0 done\n2M 1 7 8 8 0 done\n2M sum 14 16 16 0 done\n',
    stderr: 'hugepool: note: 2M: 8 pages on each of nodes 0-1, 16 in all\n',
  })
  t.same(totals(kernel, [0, 1, 3]), [8, 8, 0], 'all is all that have memory')
  t.same(await onFake(kernel, 'resize 2M=8 --node 1 -nr'), {
    status: 0,
    stdout: '2M 1 8 8 8 0 unchanged\n',
    stderr: '',
  })
})

const wrong = [
  [
    'resize 2M=1 --node 3',
    4,
    lines(
      'hugepool: node 3 has no memory, so it cannot hold 2M pages',
      'hint: nodes 0-1 have memory',
    ),
  ],
  [
    'resize 2M=1 1G=3:1',
    4,
    lines(
      'hugepool: node 3 has no memory, so it cannot hold 1G pages',
      'hint: nodes 0-1 have memory',
    ),
  ],
  [
    'resize 2M=1 --node 2',
    4,
    lines('hugepool: there is no node 2 here', 'hint: this machine has nodes 0-1,3'),
  ],
  [
    'resize 1G=1 2M=1 1G=2',
    2,
    lines(
      'hugepool: the pool of 1G pages is named twice',
      'hint: name each pool once',
      "try 'hugepool resize --help'",
    ),
  ],
  [
    'resize 1G=0:1 1G=1:1',
    2,
    lines(
      'hugepool: the pool of 1G pages is named twice',
      'hint: name each pool once, with all its nodes, as in 1G=0:1,1:1',
      "try 'hugepool resize --help'",
    ),
  ],
  [
    'resize 2M=0:1 --node 0',
    2,
    lines(
      "hugepool: '2M=0:1' names nodes already, so --node cannot",
      "try 'hugepool resize --help'",
    ),
  ],
  [
    'resize 1G=1 4M=1',
    4,
    lines('hugepool: there are no 4M pages here', 'hint: this machine has 2M, 1G'),
  ],
] as const

for (const [line, status, stderr] of wrong)
  t.test(`${line} is an error before any write`, async (t) => {
    const kernel = threeNodes()
    t.same(await onFake(kernel, line), { status, stdout: '', stderr })
    t.same(kernel.writes, [])
  })

for (const [release, ...why] of [
  ['6.18', 'node 3 has no memory, so it cannot hold 2M pages', 'hint: nodes 0-1 have memory'],
  ['5.10', 'node 3 has no pool of 2M pages'],
] as const)
  t.test(`a node without memory may be set to none on ${release}`, async (t) => {
    const unchanged = { status: 0, stdout: '2M 3 0 0 0 0 unchanged\n', stderr: '' }
    t.same(await onFake(threeNodes({ release }), 'resize 2M=0 --node 3 -nr'), unchanged)
    t.same(await onFake(threeNodes({ release }), 'resize 2M=3:0 -nr'), unchanged)
    const refused = { status: 4, stdout: '', stderr: lines(`hugepool: ${why[0]}`, ...why.slice(1)) }
    t.same(await onFake(threeNodes({ release }), 'resize 2M=1 --node 3'), refused)
  })

t.test('shrinks come before growths and larger pages before smaller ones', async (t) => {
  const sizes = [64n * 1024n, 2n * M, 32n * M, G]
  const kernel = threeNodes({
    sizes,
    pools: [
      { size: 64n * 1024n, persistent: { 0: 9n } },
      { size: 32n * M, persistent: { 0: 1n, 1: 3n } },
    ],
  })
  const { status } = await onFake(kernel, 'resize 2M=0:1,1:1 64K=1 1G=1 32M=1:0,0:2')
  t.equal(status, 0)
  t.same(writesOf(kernel), [
    'node1 32768kB nr_hugepages=0',
    '64kB nr_hugepages=1',
    '1048576kB nr_hugepages=1',
    'node0 32768kB nr_hugepages=2',
    'node0 2048kB nr_hugepages=1',
    'node1 2048kB nr_hugepages=1',
  ])
})

t.test('memory that a shrink of the same call frees is there for its growths', async (t) => {
  const nodes = [{ id: 0, memory: 2n * G }]
  const kernel = fakeKernel({ nodes, pools: [{ size: 2n * M, persistent: { 0: 900n } }] })
  t.equal((await onFake(kernel, 'resize 1G=1')).status, 1)
  t.equal((await onFake(kernel, 'resize 1G=1 2M=0')).status, 0)
})

t.test('pages that a node keeps for others become surplus there', async (t) => {
  const kernel = threeNodes({ pools: [{ size: 2n * M, persistent: { 0: 3n, 1: 3n } }] })
  kernel.map(2n * M, 5n)
  t.same(await onFake(kernel, 'resize 2M=0:0'), {
    status: 64,
    stdout: lines(heading, '2M       0       3          0      0      0  partial'),
    stderr:
      'hugepool: 2M on node 0: 2 pages are still in use or reserved and became surplus: they leave the pool when they are freed\n',
  })
  t.same(cellsOf(kernel, global2M), [5, 5, 5, 2])
  t.equal(kernel.read(`${node2M(0)}/surplus_hugepages`), '2\n')
})

t.test('a free page that becomes surplus beside surplus in use is freed', async (t) => {
  for (const release of ['5.10', '6.12', '6.18']) {
    const kernel = fakeKernel({
      release,
      nodes: [
        { id: 0, memory: 4n * G },
        { id: 1, memory: 4n * G },
      ],
      pools: [{ size: 2n * M, persistent: { 0: 1n, 1: 1n } }],
    })
    const mapped = [0, 1].map((node) => kernel.map(2n * M, 1n, { bind: [node] }))
    for (const one of mapped) one.touch(1n)
    kernel.write(`${node2M(1)}/nr_hugepages`, '0')
    mapped[0]?.unmap()
    const { status, stderr } = await onFake(kernel, 'resize 2M=0')
    const before =
      'note: 2M: 1 page is in use: as surplus it leaves the pool when it is freed, and a program that ends cannot get it again'
    const freed =
      'note: 2M: all surplus becomes persistent first, for this kernel counts it against the pages that are asked for'
    const stays =
      '2M: 1 page is still in use and became surplus: it leaves the pool when it is freed'
    const said = [...(release === '6.18' ? [] : [freed]), before, stays]
    const words = said.map((text) => `hugepool: ${text}\n`).join('')
    t.strictSame({ status, stderr }, { status: 64, stderr: words }, release)
    const after = kernel.snapshot()
    t.strictSame(
      ['nr_hugepages', 'free_hugepages', 'surplus_hugepages'].map(
        (name) => after[`${global2M}/${name}`],
      ),
      ['1', '0', '1'],
    )
  }
})
