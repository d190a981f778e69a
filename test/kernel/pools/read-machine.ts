import t from 'tap'
import { readMachine } from '../../../src/kernel/pools/read-machine.ts'
import type { Tree } from '../../../src/kernel/tree.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('what tells of the whole machine is read once', async (t) => {
  const kernel = fakeKernel({
    nodes: [0, 1].map((id) => ({ id, memory: 4n * G })),
    pools: [
      { size: 2n * M, persistent: { 0: 4n } },
      { size: G, persistent: { 1: 1n } },
    ],
  })
  const asked: string[] = []
  const tree: Tree = {
    ...kernel,
    read: (path) => {
      asked.push(path)
      return kernel.read(path)
    },
    list: (path) => {
      asked.push(path)
      return kernel.list(path)
    },
  }
  const { pools, nodes, memory } = readMachine(tree)
  t.strictSame(
    [pools.map((pool) => [pool.total, pool.isDefault]), nodes.map(({ id }) => id)],
    [
      [
        [4n, true],
        [1n, false],
      ],
      [0, 1],
    ],
  )
  t.equal(memory?.total, 8n * G)
  for (const path of ['/proc/meminfo', '/sys/devices/system/node', '/sys/kernel/mm/hugepages'])
    t.equal(asked.filter((each) => each === path).length, 1, path)
})
