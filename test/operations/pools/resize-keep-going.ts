import t from 'tap'
import { changeSchema, dryRunSchema } from '../../../src/output/schemas/pools-schema.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { parseExact } from '../../helpers/json.ts'
import { global1G, lines, node2M, onFake, writesOf } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const nodes = [
  { id: 0, memory: 4n * G },
  { id: 1, memory: 4n * G },
]
const one = [{ id: 0, memory: 4n * G }]
const heading = 'SIZE  NODE  BEFORE  REQUESTED  AFTER  SHORT  OUTCOME'
const marginHint = '--leave AMOUNT changes the margin, --leave 0 lets the kernel try'

t.test('a size that is not there is left out, and the other is done', async (t) => {
  const kernel = fakeKernel({ nodes: one })
  t.strictSame(await onFake(kernel, 'resize 2M=100 16M=3 --keep-going'), {
    status: 64,
    stdout: lines(heading, '2M     all       0        100    100      0  done'),
    stderr: lines(
      'hugepool: 16M: left out: there are no 16M pages here',
      'hint: this machine has 2M, 1G',
      'hint: on ppc64 16M pages want a kernel with the hash MMU; this one has the radix MMU',
    ),
  })
  t.strictSame(writesOf(kernel), ['2048kB nr_hugepages=100'])
})

t.test('what memory does not allow is cut to what it allows, larger pages first', async (t) => {
  const kernel = fakeKernel({ nodes: one })
  t.strictSame(await onFake(kernel, 'resize 2M=5000 1G=9 --keep-going'), {
    status: 64,
    stdout: lines(
      heading,
      '2M     all       0       5000    471   4529  partial',
      '1G     all       0          9      3      6  partial',
    ),
    stderr: lines(
      'hugepool: 1G: cut to 3: 9 pages of 1G would leave less than 81M of the 4G of memory available',
      'hugepool: 2M: cut to 471: 5000 pages of 2M would leave less than 81M of the 1G of memory available',
      'hugepool: 2M: asked for 5000, got 471: 4529 short',
      'hugepool: 1G: asked for 9, got 3: 6 short',
      `hint: the largest count that fits is 1G=3; ${marginHint}`,
      `hint: the largest count that fits is 2M=471; ${marginHint}`,
    ),
  })
  t.strictSame(writesOf(kernel), [
    '1048576kB nr_hugepages=1',
    '1048576kB nr_hugepages=3',
    '2048kB nr_hugepages=128',
    '2048kB nr_hugepages=471',
  ])
})

t.test('what has no room at all is left out, while a shrink is done', async (t) => {
  const pools = [{ size: 2n * M, persistent: { 0: 9n } }]
  const kernel = fakeKernel({ nodes: one, pools })
  t.strictSame(await onFake(kernel, 'resize 2M=4 1G=2 --leave 4G --keep-going'), {
    status: 64,
    stdout: lines(
      heading,
      '2M     all       9          4      4      0  done',
      '1G     all       0          2      0      2  partial',
    ),
    stderr: lines(
      'hugepool: 1G: left out: 2 pages of 1G would go below the 4G that has to remain, where 4088M of memory is available',
      'hugepool: 1G: asked for 2, got 0: 2 short',
      `hint: the largest count that fits is 1G=0; ${marginHint}`,
    ),
  })
})

t.test('each node by itself', async (t) => {
  const kernel = fakeKernel({ nodes: [...nodes, { id: 3, memory: 0n }] })
  t.strictSame(await onFake(kernel, 'resize 2M=0:3,3:1,7:2 1G=1:5 --keep-going'), {
    status: 64,
    stdout: lines(
      heading,
      '2M       0       0          3      3      0  done',
      '1G       1       0          5      3      2  partial',
    ),
    stderr: lines(
      'hugepool: 2M on node 7: left out: there is no node 7 here',
      'hugepool: 2M on node 3: left out: node 3 has no memory, so it cannot hold 2M pages',
      'hugepool: 1G on node 1: cut to 3: 5 pages of 1G would leave less than 81M of the 4G of memory available on node 1',
      'hugepool: 1G on node 1: asked for 5, got 3: 2 short',
      'hint: this machine has nodes 0-1,3',
      'hint: nodes 0-1 have memory',
      `hint: the largest count that fits is 1G=1:3; ${marginHint}`,
    ),
  })
})

t.test('a failed write ends its own pool only', async (t) => {
  const kernel = fakeKernel({ nodes })
  kernel.failWrite(`${global1G}/nr_hugepages`, 'EINVAL', 'always')
  kernel.failWrite(`${node2M(0)}/nr_hugepages`, 'EIO', 'always')
  t.strictSame(await onFake(kernel, 'resize 2M=1:5,0:5 1G=1 --keep-going'), {
    status: 4,
    stdout: '',
    stderr: lines(
      `hugepool: ${global1G}/nr_hugepages: the kernel cannot change the number of 1G pages while it runs (EINVAL); ${node2M(0)}/nr_hugepages: input/output error (EIO)`,
      'hint: set it on the kernel command line: hugepagesz=1G hugepages=N',
    ),
  })
})

t.test('a failed write after which another pool was done is told beside it', async (t) => {
  const kernel = fakeKernel({ nodes })
  kernel.failWrite(`${global1G}/nr_hugepages`, 'EIO', 'always')
  const { status, stdout, stderr } = await onFake(kernel, 'resize 1G=1 2M=4 --keep-going -nr')
  t.strictSame(
    { status, stdout, stderr },
    {
      status: 64,
      stdout: lines(
        '1G all 0 1 0 1 partial',
        '1G 0 0 - 0 - -',
        '1G 1 0 - 0 - -',
        '2M all 0 4 4 0 done',
        '2M 0 0 - 2 - -',
        '2M 1 0 - 2 - -',
      ),
      stderr: lines(
        `hugepool: ${global1G}/nr_hugepages: input/output error (EIO)`,
        'hugepool: 1G: asked for 1, got 0: 1 short',
      ),
    },
  )
})

t.test('where nothing can be done, the status is that of the first error', async (t) => {
  const kernel = fakeKernel({ nodes })
  for (const dry of ['', ' --dry-run'])
    t.strictSame(await onFake(kernel, `resize 16M=3 2M=7:1 --keep-going${dry}`), {
      status: 4,
      stdout: '',
      stderr: lines(
        'hugepool: there are no 16M pages here; there is no node 7 here',
        'hint: this machine has 2M, 1G',
        'hint: on ppc64 16M pages want a kernel with the hash MMU; this one has the radix MMU',
        'hint: this machine has nodes 0-1',
      ),
    })
  t.equal((await onFake(kernel, 'resize 2M=99999 --leave 9G --keep-going')).status, 1)
  t.strictSame(kernel.writes, [])
})

t.test('what is there already is done, so that the status is 64', async (t) => {
  const pools = [{ size: 2n * M, persistent: { 0: 9n } }]
  const kernel = fakeKernel({ nodes: one, pools })
  const { status, stdout } = await onFake(kernel, 'resize 2M=9 16M=1 --keep-going -nr')
  t.strictSame({ status, stdout }, { status: 64, stdout: '2M all 9 9 9 0 unchanged\n' })
})

t.test('wrong words are refused as always', async (t) => {
  const kernel = fakeKernel({ nodes })
  for (const words of [
    '2M=1 2M=2',
    '2M=1 1G=0:1 --node 0',
    '2M=3M 1G=1',
    '16M=3M 2M=1',
    '2M=-1 1G=1',
    '2M=1 --all-or-nothing',
  ])
    t.equal((await onFake(kernel, `resize ${words} --keep-going`)).status, 2, words)
  t.strictSame(kernel.writes, [])
})

t.test('the document has each with its reason, also of a dry run', async (t) => {
  const kernel = fakeKernel({ nodes: one })
  const line = 'resize 2M=1 1G=9 16M=1 --keep-going --json'
  const dry = await onFake(kernel, `${line} --dry-run`)
  const { leftOut: planned, writes } = dryRunSchema.parse(parseExact(dry.stdout))
  const { stdout } = await onFake(kernel, line)
  const { leftOut = [], outcome } = changeSchema.parse(parseExact(stdout))
  t.strictSame(planned, leftOut)
  t.strictSame(
    writes.map(({ value }) => value),
    [3n, 1n],
  )
  t.equal(dry.status, 64)
  t.equal(outcome, 'partial')
  t.strictSame(
    leftOut.map(({ error: { code, reason }, ...rest }) => ({ ...rest, code, reason })),
    [
      { pageSize: 16n * M, requested: 1n, code: 'E_UNSUPPORTED', reason: 'no-size' },
      { pageSize: G, requested: 9n, planned: 3n, code: 'E_REFUSED', reason: 'margin' },
    ],
  )
})

t.test('max of a node without memory that is known is left out', async (t) => {
  const kernel = fakeKernel({ nodes })
  kernel.failRead('/sys/devices/system/node/node1/meminfo', 'ENOENT', 'always')
  const { status, stderr } = await onFake(kernel, 'resize 2M=0:1,1:max --keep-going')
  t.strictSame(
    [status, stderr.split('\n')[0]],
    [64, 'hugepool: 2M on node 1: left out: the kernel does not say how much memory node 1 has'],
  )
})

t.test('what a dry run leaves out is the reason for its status, and nothing else', async (t) => {
  const kernel = fakeKernel({ nodes: one })
  const leftOut = [
    'hugepool: 16M: left out: there are no 16M pages here',
    'hint: this machine has 2M, 1G',
    'hint: on ppc64 16M pages want a kernel with the hash MMU; this one has the radix MMU',
  ]
  const dry = 'resize 2M=0 16M=3 --keep-going --dry-run'
  t.strictSame(await onFake(kernel, dry), {
    status: 64,
    stdout: '',
    stderr: lines('hugepool: note: nothing to do', ...leftOut),
  })
  t.strictSame(await onFake(kernel, `${dry} --quiet`), {
    status: 64,
    stdout: '',
    stderr: lines(...leftOut),
  })
})
