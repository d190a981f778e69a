import t from 'tap'
import {
  available,
  availableNow,
  checkHasPool,
  countersOf,
  findNode,
  findPool,
  inUse,
  memoryFor,
  memoryNodes,
  overcommitRoom,
  persistent,
} from '../../../src/model/pools/machine.ts'
import * as fc from '../../helpers/property.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const small = poolOf(2n * M, { isDefault: true })
const large = poolOf(G)

t.test('what follows from the counters', async (t) => {
  const pool = poolOf(2n * M, { total: 100n, free: 90n, surplus: 4n, reserved: 8n })
  t.equal(persistent(pool), 96n)
  t.equal(inUse(pool), 10n)
  t.equal(available(pool), 82n)
})

t.test('available is free without what is reserved, and within the free pages', async (t) => {
  const of = (free: bigint, reserved: bigint) => available(poolOf(2n * M, { free, reserved }))
  t.equal(of(5n, 9n), 0n, 'more reserved than free')
  t.equal(of(5n, -1n), 5n, 'a counter that wrapped')
  t.equal(of(5n, -(2n ** 63n)), 5n)
  const { reserved: _, ...unknown } = poolOf(2n * M, { free: 5n })
  t.equal(available(unknown), undefined, 'absent and not zero')
  fc.assert(
    fc.property(fc.bigInt(0n, 99n), fc.bigInt(-9n, 99n), (free, reserved) => {
      const pages = of(free, reserved) ?? -1n
      return pages >= 0n && pages <= free && (reserved < 0n || pages + reserved >= free)
    }),
  )
})

t.test('a pool is found by its size or as the default one', async (t) => {
  t.equal(findPool({ pools: [small, large] }, G), large)
  t.equal(findPool({ pools: [small, large] }, 'default'), small)
  t.throws(() => findPool({ pools: [small, large] }, 64n * 1024n), {
    code: 'E_UNSUPPORTED',
    message: 'there are no 64K pages here',
    hint: 'this machine has 2M, 1G',
  })
  t.throws(() => findPool({ pools: [large] }, 'default'), {
    code: 'E_UNSUPPORTED',
    message: 'the kernel names no default page size',
    hint: 'this machine has 1G',
  })
})

t.test('a node is found by its id', async (t) => {
  const machine = machineOf([], [nodeOf(0, G), nodeOf(8, 0n), nodeOf(9, G)])
  t.equal(findNode(machine, 9).id, 9)
  t.strictSame(
    memoryNodes(machine).map(({ id }) => id),
    [0, 9],
  )
  t.throws(() => findNode(machine, 1), {
    code: 'E_UNSUPPORTED',
    message: 'there is no node 1 here',
    hint: 'this machine has nodes 0,8-9',
  })
  t.throws(() => findNode(machineOf([], []), 0), {
    code: 'E_UNSUPPORTED',
    hint: 'this kernel has no NUMA nodes',
  })
})

t.test('memory is that of the node, or of the machine where that has a single one', async (t) => {
  const memory = { total: 9n * G, available: 8n * G }
  const two = { ...machineOf([], [nodeOf(0, G), nodeOf(8, 0n), nodeOf(9, 2n * G)]), memory }
  t.equal(memoryFor(two, undefined), memory)
  t.strictSame(memoryFor(two, 9), { total: 2n * G, available: 2n * G })
  const one = { ...machineOf([], [nodeOf(0, G), nodeOf(8, 0n)]), memory }
  t.equal(memoryFor(one, 0), memory)
  t.throws(() => memoryFor(two, 1), { code: 'E_UNSUPPORTED' })
})

t.test('what surplus may still come', async (t) => {
  const of = (overcommit: bigint, surplus: bigint) =>
    overcommitRoom(poolOf(2n * M, { overcommit, surplus }))
  t.strictSame([of(5n, 2n), of(5n, 5n), of(2n, 5n)], [3n, 0n, 0n])
  const { overcommit: _, ...unknown } = poolOf(2n * M)
  t.equal(overcommitRoom(unknown), 0n)
})

t.test('a node that has no such pool has no pages, and takes none', async (t) => {
  const onNode = { node: 0, total: 3n, free: 0n, surplus: 1n }
  const pool = poolOf(2n * M, { total: 3n, nodes: [onNode] })
  t.equal(countersOf(pool), pool)
  t.equal(countersOf(pool, 0), onNode)
  t.strictSame(countersOf(pool, 1), { total: 0n, free: 0n, surplus: 0n })
  t.equal(checkHasPool(pool, 0), undefined)
  t.throws(() => checkHasPool(pool, 1), {
    code: 'E_UNSUPPORTED',
    message: 'node 1 has no pool of 2M pages',
  })
})

t.test('what is available where the kernel tells of no reservations', async (t) => {
  const { reserved: _, ...unknown } = poolOf(2n * M, { free: 5n })
  t.equal(availableNow(unknown), 5n)
  t.equal(availableNow(poolOf(2n * M, { free: 5n, reserved: 2n })), 3n)
})
