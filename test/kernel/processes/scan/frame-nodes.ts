import t from 'tap'
import { frameNodes } from '../../../../src/kernel/processes/scan/frame-nodes.ts'
import { type FakeKernel, fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { G } from '../../../helpers/sizes.ts'

const blockSizePath = '/sys/devices/system/memory/block_size_bytes'
const basePage = 4096n
/** The frames of a block of 128 MiB. */
const perBlock = 32768

/** A machine whose nodes have so much memory, and these memory blocks. */
const machine = (
  memories: readonly bigint[],
  blocks: Readonly<Record<number, readonly string[]>> = {},
  blockSize = '8000000',
): FakeKernel => {
  const kernel = fakeKernel({ nodes: memories.map((memory, id) => ({ id, memory })) })
  kernel.extra.set(blockSizePath, lines(blockSize))
  for (const [node, names] of Object.entries(blocks))
    for (const name of names)
      kernel.extra.set(`/sys/devices/system/node/node${node}/${name}/state`, lines('online'))
  return kernel
}

const readsOf = (kernel: FakeKernel): string[] => {
  const reads: string[] = []
  kernel.onRead = (path) => reads.push(path)
  return reads
}

t.test('all pages lie on the only node with memory', async (t) => {
  const kernel = machine([0n, G, 0n], { 0: ['memory0'] })
  const { only, of } = frameNodes(kernel, basePage)
  const reads = readsOf(kernel)
  t.equal(only, 1)
  t.strictSame(
    [...of([0, 7, 10 * perBlock])],
    [
      [0, 1],
      [7, 1],
      [10 * perBlock, 1],
    ],
  )
  t.strictSame([...of([])], [])
  t.strictSame(reads, [])
})

t.test('of several nodes the memory blocks tell', async (t) => {
  const kernel = machine([G, G], {
    0: ['memory0', 'memory12'],
    1: ['memory1', 'memory13', 'xmemory2', 'memory2x', 'memory', 'memory_tiers3'],
  })
  const reads = readsOf(kernel)
  const { only, of } = frameNodes(kernel, basePage)
  t.equal(only, undefined)
  t.notOk(reads.includes(blockSizePath))
  const frames = [perBlock, 0, perBlock - 1, 12 * perBlock, 13 * perBlock + 1, 14 * perBlock]
  t.strictSame(
    [...of(frames)],
    [
      [perBlock, 1],
      [0, 0],
      [perBlock - 1, 0],
      [12 * perBlock, 0],
      [13 * perBlock + 1, 1],
    ],
  )
  t.strictSame([...of([2 * perBlock - 1])], [[2 * perBlock - 1, 1]])
  t.strictSame([...of([2 * perBlock, 3 * perBlock])], [])
  t.equal(reads.filter((path) => path === blockSizePath).length, 1)
})

t.test('a node without memory has no part in it', async (t) => {
  const kernel = machine([G, 0n, G], { 0: ['memory0'], 1: ['memory1'], 2: ['memory2'] })
  const { only, of } = frameNodes(kernel, basePage)
  t.equal(only, undefined)
  t.strictSame(
    [...of([0, perBlock, 2 * perBlock])],
    [
      [0, 0],
      [2 * perBlock, 2],
    ],
  )
})

t.test('a larger base page', async (t) => {
  const kernel = machine([G, G], { 0: ['memory0'], 1: ['memory1'] }, '1f000000')
  const { of } = frameNodes(kernel, 65536n)
  t.strictSame(
    [...of([0, 7935, 7936, 15871, 15872])],
    [
      [0, 0],
      [7935, 0],
      [7936, 1],
      [15871, 1],
    ],
  )
})

t.test('without the size of a block nothing is known', async (t) => {
  const blocks = { 0: ['memory0'], 1: ['memory1'] }
  for (const size of ['', 'x8000000', '0', '-8000000'])
    t.strictSame([...frameNodes(machine([G, G], blocks, size), basePage).of([0, perBlock])], [])
  const kernel = machine([G, G], blocks)
  kernel.failRead(blockSizePath, 'EACCES', 'always')
  t.strictSame([...frameNodes(kernel, basePage).of([0, perBlock])], [])
})

t.test('a machine without nodes', async (t) => {
  const tree = {
    ...machine([G]),
    list: () => [],
  }
  const { only, of } = frameNodes(tree, basePage)
  t.equal(only, undefined)
  t.strictSame([...of([0])], [])
})
