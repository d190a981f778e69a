import assert from 'node:assert/strict'
import t from 'tap'
import { changeSchema } from '../../../src/output/schemas/pools-schema.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { parseExact } from '../../helpers/json.ts'
import {
  global1G,
  global2M,
  lines,
  node2M,
  onFake,
  persistentOf,
  signalDuringWrite,
  totals,
  writesOf,
} from '../../helpers/on-fake.ts'
import * as fc from '../../helpers/property.ts'
import { cook, recipes } from '../../helpers/recipes.ts'
import { G, M } from '../../helpers/sizes.ts'

const pools = [
  { size: 2n * M, persistent: { 0: 4n, 1: 9n } },
  { size: G, persistent: { 1: 1n } },
]
const twoNodes = (release = '6.12') =>
  fakeKernel({
    release,
    pools,
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
    ],
  })

for (const release of ['5.10', '6.1', '6.12', '6.19', '7.0'])
  t.test(`a shortfall puts every pool and node back, on ${release}`, async (t) => {
    const kernel = twoNodes(release)
    const before = kernel.snapshot()
    kernel.limitGrowth(`${node2M(1)}/nr_hugepages`, 0n)
    t.same(await onFake(kernel, 'resize 1G=2 2M=0:2,1:20 --all-or-nothing'), {
      status: 1,
      stdout: '',
      stderr: lines(
        'hugepool: 2M on node 1: asked for 20, got 9: 11 short; put back as before: 1G, 2M',
        'hint: node 1 has 3054M free, with 1527 contiguous blocks of 2M',
        'hint: --compact asks the kernel to make contiguous memory and tries again',
      ),
    })
    t.same(kernel.snapshot(), before)
    t.ok(writesOf(kernel).includes('node0 2048kB nr_hugepages=2'), 'it had been changed')
  })

t.test('the spread over the nodes comes back as well', async (t) => {
  const kernel = twoNodes()
  const before = kernel.snapshot()
  kernel.limitGrowth(G, 0n)
  const words = 'resize 2M=1 1G=3 --all-or-nothing --json'
  const { status, stdout } = await onFake(kernel, words)
  t.equal(status, 1)
  const { error, changes, pools, outcome } = JSON.parse(stdout)
  t.equal(outcome, 'unchanged', 'for all was put back')
  t.match(changes, [
    { pageSize: Number(2n * M), before: 13, requested: 1, after: 1 },
    { pageSize: Number(G), requested: 3, after: 1, short: 2, shortage: [{ node: 0 }, { node: 1 }] },
  ])
  t.match(pools[0], { persistent: 13 })
  const { hints, ...told } = error
  t.equal(hints.join('\n'), told.hint)
  t.same(told, {
    code: 'E_KERNEL',
    reason: 'put-back',
    message: '1G: asked for 3, got 1: 2 short; put back as before: 2M, 1G',
    hint: [
      'node 0 has 4G free; blocks of 1G are not counted by the kernel',
      'node 1 has 3070M free; blocks of 1G are not counted by the kernel',
      'kernels before 7.0 cannot use memory that another pool occupies: shrink 2M first, then grow 1G',
      '--compact asks the kernel to make contiguous memory and tries again',
    ].join('\n'),
  })
  t.same(kernel.snapshot(), before)
})

t.test(
  'what is refused beforehand has its changes in the document, none of them made',
  async (t) => {
    const kernel = twoNodes()
    kernel.map(2n * M, 12n).touch(12n)
    const before = kernel.snapshot()
    const words = 'resize 2M=0 1G=3 --all-or-nothing --json'
    const { status, stdout } = await onFake(kernel, words)
    t.equal(status, 1)
    const document = changeSchema.parse(parseExact(stdout))
    t.hasStrict(document, {
      outcome: 'unchanged',
      changes: [
        {
          pageSize: 2n * M,
          before: 13n,
          requested: 0n,
          after: 13n,
          short: 13n,
          outcome: 'partial',
        },
        { pageSize: G, before: 1n, requested: 3n, after: 1n, short: 2n, outcome: 'partial' },
      ],
      pools: [
        { pageSize: 2n * M, total: 13n, inUse: 12n },
        { pageSize: G, total: 1n },
      ],
      error: { code: 'E_REFUSED', reason: 'busy' },
    })
    t.same(kernel.snapshot(), before)
  },
)

t.test('pages in use refuse a shrink beforehand, in a dry run too', async (t) => {
  const kernel = twoNodes()
  kernel.map(2n * M, 12n).touch(12n)
  const [inUse, nothing] = ['12 pages are in use', 'nothing was changed']
  const place = '2M on node 0: '
  for (const [words, message] of [
    ['2M=0 1G=0', `2M: ${inUse}, so it cannot shrink to 0; ${nothing}`],
    ['2M=0:0,1:0', `${place}`],
    [
      '2M=0 --mempolicy bind:0',
      `${place}4 pages are in use, so it cannot shrink to 0; 2M: 9 pages are on node 1`,
    ],
  ] as const)
    for (const dry of ['', ' --dry-run']) {
      const { status, stdout, stderr } = await onFake(
        kernel,
        `resize ${words} --all-or-nothing${dry}`,
      )
      t.strictSame([status, stdout], [1, ''], words)
      t.match(stderr, `hugepool: ${message}`)
    }
  t.same(kernel.writes, [], 'nothing was written')
  const { stdout } = await onFake(kernel, 'resize 2M=0 --all-or-nothing --dry-run --json')
  t.hasStrict(JSON.parse(stdout).error, { code: 'E_REFUSED', reason: 'busy' })
  kernel.write(`${global2M}/nr_overcommit_hugepages`, '12')
  const { status } = await onFake(kernel, 'resize 2M=0 --all-or-nothing')
  t.equal(status, 0, 'but where overcommit allows the surplus, all is done')
})

t.test('pages that come into use meanwhile are a shortfall, and come back', async (t) => {
  const kernel = twoNodes()
  const { write } = kernel
  kernel.write = (path, value) => {
    if (kernel.writes.length === 0) kernel.map(2n * M, 12n).touch(12n)
    write(path, value)
  }
  t.same(await onFake(kernel, 'resize 2M=0 1G=0 --all-or-nothing'), {
    status: 1,
    stdout: '',
    stderr:
      'hugepool: 2M: 12 pages are in use, so it cannot shrink to 0; put back as before: 2M, 1G\n',
  })
  t.same(persistentOf(kernel), persistentOf(twoNodes()))
})

for (const release of ['5.10', '6.1', '6.12', '7.0'])
  t.test(
    `a node keeps no surplus that its neighbour's distorted write left, on ${release}`,
    async (t) => {
      const kernel = fakeKernel({
        release,
        pools: [{ size: 2n * M, persistent: { 0: 3n, 1: 3n } }],
        nodes: [
          { id: 0, memory: 4n * G },
          { id: 1, memory: 4n * G },
        ],
      })
      kernel.map(2n * M, 4n).touch(4n)
      const before = kernel.snapshot()
      t.equal((await onFake(kernel, 'resize 2M=1 --all-or-nothing')).status, 1)
      t.same(kernel.snapshot(), before)
    },
  )

t.test('putting back that falls short is told', async (t) => {
  const kernel = twoNodes()
  kernel.limitGrowth(G, 0n)
  kernel.limitGrowth(2n * M, 0n)
  t.same(await onFake(kernel, 'resize 1G=0 2M=20 --all-or-nothing'), {
    status: 1,
    stdout: '',
    stderr: lines(
      'hugepool: 2M: asked for 20, got 13: 7 short; putting back fell short:' +
        ' 1G on node 1 has 0 instead of 1',
      "hint: 'hugepool list -N' shows what there is",
      'hint: node 0 has 4088M free, with 2044 contiguous blocks of 2M',
      'hint: node 1 has 4078M free, with 2039 contiguous blocks of 2M',
      'hint: --compact asks the kernel to make contiguous memory and tries again',
    ),
  })
})

t.test('putting back that meets an error goes on with the other pools', async (t) => {
  const kernel = twoNodes()
  kernel.limitGrowth(G, 0n)
  const { write } = kernel
  kernel.write = (path, value) => {
    write(path, value)
    for (const of2M of [global2M, node2M(0)])
      kernel.failWrite(`${of2M}/nr_hugepages`, 'EIO', 'always')
  }
  const { status, stderr } = await onFake(kernel, 'resize 2M=0 1G=0:1 --all-or-nothing')
  t.equal(status, 1)
  t.equal(
    stderr,
    lines(
      'hugepool: 1G on node 0: asked for 1, got 0: 1 short; putting back fell short:' +
        ` 2M on node 0 has 0 instead of 4, ${node2M(0)}/nr_hugepages: input/output error (EIO)`,
      "hint: 'hugepool list -N' shows what there is",
      'hint: node 0 has 4G free; blocks of 1G are not counted by the kernel',
      'hint: --compact asks the kernel to make contiguous memory and tries again',
    ),
  )
  t.same(totals(kernel), [0, 9])
})

t.test('an error in the middle puts back what was done', async (t) => {
  const kernel = twoNodes()
  const before = kernel.snapshot()
  kernel.failWrite(`${global2M}/nr_hugepages`, 'EIO')
  t.same(await onFake(kernel, 'resize 1G=3 2M=100 --all-or-nothing'), {
    status: 1,
    stdout: '',
    stderr: lines(
      `hugepool: ${global2M}/nr_hugepages: input/output error (EIO); put back as before: 1G, 2M`,
    ),
  })
  t.same(kernel.snapshot(), before)
  t.same(writesOf(kernel).slice(0, 3), [
    '1048576kB nr_hugepages=2',
    '1048576kB nr_hugepages=3',
    '2048kB nr_hugepages=100',
  ])
})

t.test('an error before anything was done has its own exit status', async (t) => {
  const kernel = twoNodes()
  kernel.failWrite(`${global1G}/nr_hugepages`, 'EINVAL')
  const { status } = await onFake(kernel, 'resize 1G=3 2M=100 --all-or-nothing')
  t.equal(status, 4)
  t.same(writesOf(kernel), ['1048576kB nr_hugepages=2'])
})

t.test('whatever was done when a signal comes is put back, on any machine', async (t) => {
  const pages = fc.nat({ max: 12 }).map(String)
  const nodes = fc.constantFrom('', '0:')
  const small = fc.tuple(nodes, pages).map((words) => `2M=${words.join('')}`)
  const large = fc.tuple(nodes, fc.nat({ max: 3 })).map((words) => `1G=${words.join('')}`)
  const nth = fc.integer({ min: 1, max: 3 })
  let restored = 0
  await fc.assert(
    fc.asyncProperty(recipes, small, large, nth, async (recipe, one, other, writes) => {
      const kernel = cook(recipe)
      const before = { files: kernel.snapshot(), persistent: persistentOf(kernel) }
      const line = `resize ${one} ${other} --all-or-nothing`
      const { status, stderr } = await onFake(kernel, line, signalDuringWrite(kernel, writes))
      if (!stderr.includes('; put back as before: ')) return
      restored += 1
      assert.ok(status === 'SIGINT' || status === 1)
      assert.deepEqual(persistentOf(kernel), before.persistent)
      if (recipe.mappings.length === 0) assert.deepEqual(kernel.snapshot(), before.files)
    }),
    { numRuns: 150 },
  )
  t.ok(restored > 12, `${restored} runs put something back`)
})

t.test('surplus that overcommit allows is no reason of a shortfall elsewhere', async (t) => {
  const made = () => {
    const kernel = fakeKernel({
      nodes: [{ id: 0, memory: 4n * G }],
      pools: [
        { size: 2n * M, persistent: { 0: 8n }, overcommit: 8n },
        { size: G, persistent: { 0: 0n } },
      ],
    })
    kernel.map(2n * M, 4n).touch(4n)
    kernel.limitGrowth(G, 0n)
    return kernel
  }
  const back = await onFake(made(), 'resize 2M=2 1G=1 --all-or-nothing')
  t.equal(back.status, 1)
  t.match(back.stderr, 'hugepool: 1G: asked for 1, got 0: 1 short; put back as before: ')
  t.notMatch(back.stderr, 'cannot shrink')
  const kept = await onFake(made(), 'resize 2M=2 1G=1')
  t.equal(kept.status, 64)
  t.match(kept.stderr, 'hugepool: note: 2M: 2 pages are still in use and became surplus, which')
})
