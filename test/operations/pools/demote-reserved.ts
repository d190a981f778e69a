import assert from 'node:assert/strict'
import t from 'tap'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import {
  cellsOf,
  global1G,
  global2M,
  node1G,
  number,
  onFake,
  writesOf,
} from '../../helpers/on-fake.ts'
import * as fc from '../../helpers/property.ts'
import { cook, recipes } from '../../helpers/recipes.ts'
import { G } from '../../helpers/sizes.ts'

for (const release of ['6.1', '6.12', '6.19', '7.0'])
  t.test(`reserved pages are never split, on ${release}`, async (t) => {
    const kernel = fakeKernel({
      release,
      nodes: [
        { id: 0, memory: 4n * G },
        { id: 1, memory: 4n * G },
      ],
      pools: [{ size: G, persistent: { 0: 2n, 1: 1n } }],
    })
    const mapping = kernel.map(G, 1n)
    t.same(await onFake(kernel, 'demote 1G=3 -nr'), {
      status: 64,
      stdout: '1G 2M all 3 2 3 1 1024 partial\n',
      stderr: 'hugepool: 1G: only 2 of 3 can be split: free pages: 3, reserved in the pool: 1\n',
    })
    t.same(writesOf(kernel), ['1048576kB demote=2'])
    mapping.touch(1n)
    t.same(cellsOf(kernel, global1G), [1, 0, 0, 0], 'its owner gets the page')
  })

/** What may be split by the counters, before a write: on the node, and of the whole pool. */
const spare = (kernel: FakeKernel, directory: string): number =>
  Math.max(
    0,
    Math.min(
      number(kernel, `${directory}/free_hugepages`),
      number(kernel, `${global1G}/free_hugepages`),
    ) - number(kernel, `${global1G}/resv_hugepages`),
  )

/** Checks each write against the counters at that moment. */
const guarded = (kernel: FakeKernel): FakeKernel => {
  const { write } = kernel
  kernel.write = (path, value) => {
    if (path.endsWith('/demote'))
      assert.ok(Number(value) <= spare(kernel, path.slice(0, -'/demote'.length)))
    write(path, value)
  }
  return kernel
}

const counts = fc.oneof(fc.nat({ max: 6 }).map(String), fc.constant('max'))
const places = fc.constantFrom('1G=', '1G=0:', '1G=1:', '1G=0:1,1:', '1G=1:2,0:', '--node all 1G=')
const withDemote = recipes.filter(({ release }) => release !== '5.10')

t.test('whatever is asked for: reserved <= free, and the counts are true', async (t) => {
  const seen = new Map<unknown, number>()
  await fc.assert(
    fc.asyncProperty(withDemote, places, counts, async (recipe, place, count) => {
      const kernel = guarded(cook(recipe))
      const [large, , reserved] = cellsOf(kernel, global1G)
      const [small] = cellsOf(kernel, global2M)
      const { status, stdout } = await onFake(kernel, `demote ${place}${count} --json`)
      seen.set(status, (seen.get(status) ?? 0) + 1)
      const [total, free, stillReserved] = cellsOf(kernel, global1G)
      assert.equal(stillReserved, reserved)
      assert.ok(reserved <= free)
      const { changes = [] } = JSON.parse(stdout)
      const split = changes.reduce(
        (all: number, { demoted }: { demoted: number }) => all + demoted,
        0,
      )
      assert.equal(large - total, split)
      assert.equal(cellsOf(kernel, global2M)[0] - small, 512 * split)
    }),
    { numRuns: 200 },
  )
  for (const status of [0, 1, 4, 64]) t.ok((seen.get(status) ?? 0) > 2, `${status} came about`)
})

t.test('a page that is reserved between two nodes is respected', async (t) => {
  const kernel = fakeKernel({
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
    ],
    pools: [{ size: G, persistent: { 0: 1n, 1: 2n } }],
  })
  const { write } = kernel
  kernel.write = (path, value) => {
    write(path, value)
    if (path === `${node1G(0)}/demote`) kernel.map(G, 1n)
  }
  t.same(await onFake(kernel, 'demote 1G=0:1,1:2 -nr'), {
    status: 64,
    stdout: '1G 2M 0 1 1 1 0 512 done\n1G 2M 1 2 1 2 1 512 partial\n',
    stderr:
      'hugepool: 1G on node 1: asked to split 2, split 1: the other pages were taken or reserved meanwhile\n',
  })
  t.same(cellsOf(kernel, global1G), [1, 1, 1, 0])
})
