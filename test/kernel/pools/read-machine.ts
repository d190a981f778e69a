import t from 'tap'
import { readMachine } from '../../../src/kernel/pools/read-machine.ts'
import type { Tree } from '../../../src/kernel/tree.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { treeOf } from '../../helpers/run.ts'
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

t.test('a pool that cannot be read tells what machine it is all the same', async (t) => {
  const recorded = treeOf('arm64-64k')
  const faulty = '/sys/kernel/mm/hugepages/hugepages-524288kB/nr_hugepages'
  const absent = ['/proc/buddyinfo', '/proc/self/auxv']
  const tree: Tree = {
    ...recorded,
    read: (path) => {
      if (absent.includes(path)) throw systemError('ENOENT', 'open', path)
      return path === faulty ? octets('x') : recorded.read(path)
    },
  }
  const { unreadable, largestBlock } = readMachine(tree)
  t.strictSame(
    unreadable?.map(({ size }) => size),
    [512n * M],
  )
  t.equal(largestBlock, 512n * M, 'of base pages of 64K')
})
