import assert from 'node:assert/strict'
import t from 'tap'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines, onFake, totals } from '../../helpers/on-fake.ts'
import * as fc from '../../helpers/property.ts'
import { cook, recipes } from '../../helpers/recipes.ts'
import { G } from '../../helpers/sizes.ts'

const nodes = [
  { id: 0, memory: 4n * G },
  { id: 1, memory: 4n * G },
]

for (const release of ['5.10', '6.1', '6.12', '6.19', '7.0'])
  t.test(`a growth far beyond memory is refused before any write, on ${release}`, async (t) => {
    const kernel = fakeKernel({ release, nodes })
    t.same(await onFake(kernel, 'resize 2M=5000'), {
      status: 1,
      stdout: '',
      stderr: lines(
        'hugepool: 5000 pages of 2M would leave less than 163M of the 8G of memory available',
        'hint: the largest count that fits is 2M=4014;' +
          ' --leave AMOUNT changes the margin, --leave 0 lets the kernel try',
      ),
    })
    t.same(kernel.writes, [])
    t.equal((await onFake(kernel, 'resize 2M=4014')).status, 0)
    t.same(totals(kernel), [2007, 2007])
    t.equal((await onFake(kernel, 'resize 2M=4015')).status, 1)
  })

t.test('one node: the margin is 2% of its memory, or 64M if that is more', async (t) => {
  const large = fakeKernel({ nodes: [{ id: 0, memory: 4n * G }] })
  t.same(await onFake(large, 'resize 2M=4G'), {
    status: 1,
    stdout: '',
    stderr: lines(
      'hugepool: 2048 pages of 2M would leave less than 81M of the 4G of memory available',
      'hint: the largest count that fits is 2M=2007; --leave AMOUNT changes the margin,' +
        ' --leave 0 lets the kernel try',
    ),
  })
  const small = fakeKernel({ nodes: [{ id: 0, memory: G }] })
  t.match((await onFake(small, 'resize 2M=512')).stderr, /less than 64M .* that fits is 2M=480;/s)
})

t.test('--leave is what has to remain', async (t) => {
  const kernel = fakeKernel({ nodes })
  t.match(
    (await onFake(kernel, 'resize 1G=1:4 --leave 512M')).stderr,
    /^hugepool: 4 pages of 1G .* less than 512M of the 4G .* on node 1\n.* fits is 1G=1:3;/,
  )
  t.equal((await onFake(kernel, 'resize 1G=1:3 --leave 512M')).status, 0)
  const json = await onFake(kernel, 'resize 2M=9999 --leave 7G --json')
  t.equal(json.status, 1)
  t.same(JSON.parse(json.stdout).error.code, 'E_REFUSED')
})

t.test('--leave 0 lets the kernel try, and what is short is partial', async (t) => {
  const kernel = fakeKernel({ nodes })
  t.same(await onFake(kernel, 'resize 2M=9000 --leave 0 -nr'), {
    status: 64,
    stdout: '2M all 0 9000 4096 4904 partial\n2M 0 0 - 2048 - -\n2M 1 0 - 2048 - -\n',
    stderr: lines(
      'hugepool: 2M: asked for 9000, got 4096: 4904 short',
      'hint: node 0 has 0 free, with 0 contiguous blocks of 2M',
      'hint: node 1 has 0 free, with 0 contiguous blocks of 2M',
      'hint: --compact asks the kernel to make contiguous memory and tries again',
    ),
  })
})

t.test('max is as many as --leave allows, after what was asked for by number', async (t) => {
  const kernel = fakeKernel({ nodes })
  t.equal(
    (await onFake(kernel, 'resize 2M=max --leave 1G -nr')).stdout.split('\n')[0],
    '2M all 0 3584 3584 0 done',
  )
  t.equal((await onFake(kernel, 'resize 2M=4000')).status, 0)
  t.equal(
    (await onFake(kernel, 'resize 2M=max --leave 1G -nr')).stdout.split('\n')[0],
    '2M all 4000 4000 4000 0 unchanged',
    'never fewer than there are',
  )
  const both = await onFake(
    fakeKernel({ nodes }),
    'resize 2M=max 1G=2 --leave 0 -nr -o SIZE,NODE,AFTER',
  )
  t.equal(both.stdout, '2M all 3072\n2M 0 1536\n2M 1 1536\n1G all 2\n1G 0 1\n1G 1 1\n')
  const node = await onFake(fakeKernel({ nodes }), 'resize 2M=max --node 1 --leave 1G -nr')
  t.equal(node.stdout, '2M 1 0 1536 1536 0 done\n')
})

t.test("a percentage is of the machine's memory, or of the node's", async (t) => {
  const kernel = fakeKernel({
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 12n * G },
    ],
  })
  t.equal(
    (await onFake(kernel, 'resize 2M=25% -nr')).stdout.split('\n')[0],
    '2M all 0 2048 2048 0 done',
  )
  t.equal(
    (await onFake(kernel, 'resize 2M=0:10%,1:50% -nr')).stdout,
    '2M 0 1024 204 204 0 done\n2M 1 1024 3072 3072 0 done\n2M sum 2048 3276 3276 0 done\n',
  )
})

/** Before 6.8 a node write counts the surplus of other nodes, so machines with any are left out. */
const exact = recipes.filter(({ release, mappings }) => mappings.length === 0 || release > '6.10')
const beyond = fc.constantFrom('2M=9999', '1G=99', '2M=0:9999', '1G=0:99', '2M=1:9999', '2M=+9999')
const margins = fc.constantFrom('', ' --leave 64M', ' --leave 1G', ' --leave 3G')

t.test('the largest count that is named fits and one more does not, on any machine', async (t) => {
  let named = 0
  await fc.assert(
    fc.asyncProperty(exact, beyond, margins, async (recipe, asked, leave) => {
      const refused = await onFake(cook(recipe), `resize ${asked}${leave}`)
      if (refused.status === 4) return
      assert.equal(refused.status, 1)
      const [, pool, count] = /largest count that fits is (.*[=:])(\d+);/.exec(refused.stderr) ?? []
      const fits = await onFake(cook(recipe), `resize ${pool}${count}${leave}`)
      assert.equal(fits.status, 0)
      assert.match(fits.stderr, /^(?:hugepool: note: \w+: not an equal part of each node, .*\n)?$/)
      const more = await onFake(cook(recipe), `resize ${pool}${Number(count) + 1}${leave}`)
      assert.equal(more.status, 1)
      named += 1
    }),
    { numRuns: 80 },
  )
  t.ok(named > 25, `${named} counts were named`)
})

const growth = (large: number) =>
  fc.tuple(
    fc.constantFrom('', '0:', '1:', '0:+1,1:'),
    fc.oneof(
      fc.constant('max'),
      fc.nat({ max: large }).map((pages) => `+${pages}`),
    ),
  )

t.test('what is accepted comes whole and leaves the margin on every node', async (t) => {
  let grown = 0
  await fc.assert(
    fc.asyncProperty(exact, growth(4000), growth(4), async (recipe, small, large) => {
      const kernel = cook(recipe)
      const freeOn = (node: number) =>
        Number(
          /MemFree: +(\d+)/.exec(kernel.read(`/sys/devices/system/node/node${node}/meminfo`))?.[1],
        )
      const before = recipe.memory.map((_, node) => freeOn(node))
      const { status } = await onFake(kernel, `resize 2M=${small.join('')} 1G=${large.join('')}`)
      assert.notEqual(status, 64)
      if (status === 0) grown += 1
      for (const [node, mebibytes] of recipe.memory.entries()) {
        const margin = Math.max(64 * 1024, Math.floor((mebibytes * 1024 * 2) / 100))
        assert.ok(freeOn(node) === before[node] || freeOn(node) >= margin)
      }
    }),
    { numRuns: 100 },
  )
  t.ok(grown > 15, `${grown} growths were accepted`)
})

t.test('a node whose memory is not known is not judged by the whole machine', async (t) => {
  const kernel = fakeKernel({ nodes })
  const meminfo = '/sys/devices/system/node/node1/meminfo'
  const read = (path: string) => {
    if (path !== meminfo) return kernel.read(path)
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
  }
  const tree: typeof kernel = Object.create(kernel, { read: { value: read } })
  const words = 'hugepool: the kernel does not say how much memory node 1 has'
  t.strictSame(await onFake(tree, 'resize 2M=1:max'), {
    status: 4,
    stdout: '',
    stderr: `${words}\n`,
  })
  t.strictSame(await onFake(tree, 'resize 2M=1:5'), {
    status: 4,
    stdout: '',
    stderr: `${words}\nhint: --leave 0 lets the kernel try\n`,
  })
  t.same(kernel.writes, [])
  t.equal((await onFake(tree, 'resize 2M=1:5 --leave 0')).status, 0)
  t.equal((await onFake(tree, 'resize 2M=0:max,1:2')).status, 0, 'it gives none')
})
