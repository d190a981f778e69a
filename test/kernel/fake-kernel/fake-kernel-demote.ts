import t from 'tap'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { cellsOf, global1G, global2M, node1G, number } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

/** Two free 1G pages. */
const demotable = (release: string) =>
  fakeKernel({ release, pools: [{ size: G, persistent: { 0: 2n } }] })

t.test('demote splits free pages', async (t) => {
  const kernel = demotable('6.12')
  kernel.write(`${global1G}/demote`, '1')
  t.same(cellsOf(kernel, global1G), [1, 1, 0, 0])
  t.same(cellsOf(kernel, global2M), [512, 512, 0, 0])
  kernel.write(`${global1G}/demote`, '5')
  kernel.write(`${global1G}/demote`, '1')
  kernel.write(`${global1G}/demote`, '0')
  t.same(cellsOf(kernel, global2M), [1024, 1024, 0, 0])
  t.throws(() => kernel.write(`${global1G}/demote`, 'abc'), { code: 'EINVAL' })
  t.throws(() => kernel.read(`${global1G}/demote`), { code: 'EACCES' })
  t.throws(() => kernel.read(`${global2M}/demote`), { code: 'ENOENT' })
})

t.test('the bulk version of demote ignores reservations', async (t) => {
  const kernel = demotable('6.12')
  const mapping = kernel.map(G, 1n)
  t.throws(() => kernel.write(`${global1G}/demote`, '5'), { code: 'EBUSY', syscall: 'write' })
  t.same(cellsOf(kernel, global1G), [0, 0, 1, 0])
  t.throws(() => mapping.touch(1n), { code: 'SIGBUS' })
  const before = demotable('6.1')
  before.map(G, 1n)
  before.write(`${global1G}/demote`, '5')
  t.same(cellsOf(before, global1G), [1, 1, 1, 0])
})

t.test('demote on a node sets its pages against all reservations, unsigned', async (t) => {
  const persistent = { 0: 1n, 1: 2n }
  const nodes = [{ id: 0 }, { id: 1 }, { id: 2 }]
  const make = () => fakeKernel({ nodes, pools: [{ size: G, persistent }] })
  const equal = make()
  equal.map(G, 1n)
  equal.write(`${node1G(0)}/demote`, '1')
  t.equal(number(equal, `${node1G(0)}/nr_hugepages`), 1, 'free = reserved: nothing')
  t.throws(() => equal.write(`${node1G(2)}/demote`, '1'), { code: 'EBUSY' })
  const fewer = make()
  fewer.write(`${node1G(2)}/demote`, '1')
  fewer.map(G, 2n)
  fewer.write(`${node1G(0)}/demote`, '1')
  t.equal(number(fewer, `${node1G(0)}/nr_hugepages`), 0, 'free < reserved: demoted')
})

t.test('demote_size', async (t) => {
  const sizes = [64n * 1024n, 2n * M, 32n * M, G]
  const kernel = fakeKernel({ sizes })
  const path = `${global1G}/demote_size`
  t.equal(kernel.read(path), '32768kB\n')
  for (const size of ['2M', '2048kB', '0x200000']) kernel.write(path, size)
  t.equal(kernel.read(`${node1G(0)}/demote_size`), '2048kB\n', 'one setting for all nodes')
  for (const size of ['3M', '1G', '64kB', 'abc'])
    t.throws(() => kernel.write(path, size), { code: 'EINVAL' })
  t.equal(kernel.read(`${global2M}/demote_size`), '64kB\n')
  t.throws(() => kernel.write(`${global2M}/demote_size`, '64kB'), { code: 'EINVAL' })
  t.notOk(fakeKernel({ release: '5.15' }).list(global1G).includes('demote_size'))
})
