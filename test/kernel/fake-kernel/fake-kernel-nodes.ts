import t from 'tap'
import { type FakeKernelOptions, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { cellsOf, global2M, node2M, number, totals } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

/** Two nodes of 1 GiB of free memory each. */
const twoNodes = (options: FakeKernelOptions = {}) =>
  fakeKernel({
    nodes: [
      { id: 0, memory: 2n * G, free: G },
      { id: 1, memory: 2n * G, free: G },
    ],
    ...options,
  })

t.test('growth goes round from where it ended', async (t) => {
  const kernel = twoNodes()
  kernel.write(`${global2M}/nr_hugepages`, '3')
  t.same(totals(kernel), [2, 1])
  kernel.write(`${global2M}/nr_hugepages`, '4')
  t.same(totals(kernel), [2, 2])
  kernel.write(`${global2M}/nr_hugepages`, '1')
  t.same(totals(kernel), [0, 1], 'and so do shrinks, from a cursor of their own')
})

t.test('a node that cannot deliver is made up for by others; too little is success', async (t) => {
  const kernel = fakeKernel({
    nodes: [
      { id: 0, memory: 16n * M },
      { id: 2, memory: 4n * M },
    ],
  })
  kernel.write(`${global2M}/nr_hugepages`, '8')
  t.same(totals(kernel, [0, 2]), [6, 2])
  kernel.write(`${global2M}/nr_hugepages`, `${2n ** 64n - 1n}`)
  t.same(totals(kernel, [0, 2]), [8, 2])
  t.match(kernel.read('/proc/meminfo'), /^MemFree: +0 kB$/m)
  t.match(kernel.read('/proc/meminfo'), /^Hugetlb: +20480 kB$/m)
})

t.test('a node file sets the persistent pages of its node', async (t) => {
  const kernel = twoNodes()
  kernel.write(`${node2M(1)}/nr_hugepages`, '3')
  t.same(totals(kernel), [0, 3])
  const mapping = kernel.map(2n * M, 3n)
  kernel.write(`${node2M(1)}/nr_hugepages`, '1')
  t.same(cellsOf(kernel, global2M), [3, 3, 3, 2], 'pages promised to others become surplus')
  t.equal(number(kernel, '/proc/sys/vm/nr_hugepages'), 1, 'the sysctl reads the target')
  mapping.unmap()
  t.same(totals(kernel), [0, 1])
  kernel.write(`${node2M(0)}/nr_hugepages`, `${2n ** 64n - 1n}`)
  t.same(totals(kernel), [512, 1])
})

t.test('before 6.8 a node write counts the surplus of other nodes', async (t) => {
  const found = ['6.5', '6.8'].map((release) => {
    const kernel = twoNodes({ release })
    kernel.write(`${global2M}/nr_overcommit_hugepages`, '2')
    kernel.map(2n * M, 2n)
    kernel.write(`${node2M(1)}/nr_hugepages`, '3')
    return totals(kernel)
  })
  t.same(found, [
    [2, 5],
    [2, 3],
  ])
})

t.test('a memory-less node answers success and does nothing', async (t) => {
  const nodes = [{ id: 0 }, { id: 1, memory: 0n }]
  const kernel = fakeKernel({ nodes, release: '6.1' })
  kernel.write(`${node2M(1)}/nr_hugepages`, '3')
  t.same(totals(kernel), [0, 0])
  t.equal(kernel.read('/sys/devices/system/node/has_memory'), '0\n')
  t.equal(kernel.read('/sys/devices/system/node/online'), '0-1\n')
  kernel.write(`${global2M}/nr_hugepages`, '3')
  t.same(totals(kernel), [3, 0])
  t.throws(() => fakeKernel({ nodes, release: '5.19' }).read(`${node2M(1)}/nr_hugepages`), {
    code: 'ENOENT',
  })
})

t.test('nr_hugepages_mempolicy moves the difference on the policy nodes', async (t) => {
  const kernel = twoNodes()
  const path = `${global2M}/nr_hugepages_mempolicy`
  kernel.write(path, '4')
  t.same(totals(kernel), [2, 2], 'the default policy is that of the plain file')
  kernel.policy = [1]
  kernel.write(path, '6')
  t.same(totals(kernel), [2, 4])
  kernel.write(`${global2M}/nr_hugepages`, '8')
  t.same(totals(kernel), [3, 5], 'the plain file knows no policy')
  kernel.write(path, '0')
  t.same(totals(kernel), [3, 0])
})

t.test('the cpuset of the writer confines growth in silence', async (t) => {
  const kernel = twoNodes({ memsAllowed: [0] })
  kernel.write(`${node2M(1)}/nr_hugepages`, '6')
  t.same(totals(kernel), [0, 0])
  kernel.write(`${global2M}/nr_hugepages`, '6')
  t.same(totals(kernel), [6, 0])
  t.match(kernel.read('/proc/self/status'), /^Mems_allowed_list:\t0$/m)
})

t.test('fragmented memory serves once it is compacted', async (t) => {
  const node = { memory: G, fragmentedBytes: G - 2n * M }
  const kernel = fakeKernel({
    nodes: [
      { id: 0, ...node },
      { id: 1, ...node },
    ],
    release: '6.5',
  })
  kernel.write(`${global2M}/nr_hugepages`, '8')
  t.same(totals(kernel), [1, 1])
  kernel.write('/sys/devices/system/node/node1/compact', 'x')
  kernel.write(`${global2M}/nr_hugepages`, '8')
  t.same(totals(kernel), [1, 7])
  t.throws(() => kernel.write('/proc/sys/vm/compact_memory', '2'), { code: 'EINVAL' })
  kernel.write('/proc/sys/vm/compact_memory', '1')
  t.match(kernel.read('/proc/buddyinfo'), /^Node 0, zone +Normal( +\d+){11} $/m)
  kernel.write(`${node2M(0)}/nr_hugepages`, '9')
  t.same(totals(kernel), [9, 7])
})
