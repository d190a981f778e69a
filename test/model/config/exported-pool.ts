import t from 'tap'
import { exportedPool, leftOutOfPool } from '../../../src/model/config/exported-pool.ts'
import type { Count } from '../../../src/model/words/count.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const pages = (count: bigint): Count => ({ kind: 'pages', sign: '', pages: count })
const on = (node: number, total: bigint, surplus = 0n) => ({ node, total, free: 0n, surplus })
const usual = { essential: true, optional: false, boot: false }
const one = [nodeOf(0, G)]
const two = [nodeOf(0, G), nodeOf(1, G), nodeOf(2, 0n)]

t.test('pages by node where several have memory', async (t) => {
  const nodes = [on(0, 5n, 1n), on(1, 3n), on(2, 0n)]
  const pool = poolOf(2n * M, { total: 8n, surplus: 1n, overcommit: 2n, nodes })
  t.strictSame(exportedPool(machineOf([pool], two), pool), {
    size: 2n * M,
    pages: {
      counts: [
        { node: 0, count: pages(4n) },
        { node: 1, count: pages(3n) },
      ],
      atLeast: false,
    },
    overcommit: pages(2n),
    ...usual,
  })
})

t.test('one page is a page', async (t) => {
  const pool = poolOf(2n * M, { total: 1n, nodes: [on(0, 0n), on(1, 1n)] })
  t.strictSame(exportedPool(machineOf([pool], two), pool).pages, {
    counts: [{ node: 1, count: pages(1n) }],
    atLeast: false,
  })
})

t.test('a plain count where nodes do not matter, or contradict the whole', async (t) => {
  const whole = (count: bigint) => ({ counts: pages(count), atLeast: false })
  const none = poolOf(2n * M, { nodes: [on(0, 0n), on(1, 0n)] })
  t.strictSame(exportedPool(machineOf([none], two), none).pages, whole(0n))
  const single = poolOf(2n * M, { total: 3n, nodes: [on(0, 3n), on(2, 0n)] })
  t.strictSame(exportedPool(machineOf([single], [...one, nodeOf(2, 0n)]), single).pages, whole(3n))
  const moving = poolOf(2n * M, { total: 9n, nodes: [on(0, 3n), on(1, 3n)] })
  t.strictSame(exportedPool(machineOf([moving], two), moving).pages, whole(9n))
  const unseen = poolOf(2n * M, { total: 9n, nodes: [] })
  t.strictSame(exportedPool(machineOf([unseen], two), unseen).pages, whole(9n))
})

t.test('overcommit where it can be set', async (t) => {
  const { overcommit: _, ...without } = poolOf(2n * M)
  const machine = machineOf([], one)
  t.strictSame(exportedPool(machine, poolOf(2n * M)).overcommit, pages(0n))
  t.equal(exportedPool(machine, without).overcommit, undefined)
  t.equal(exportedPool(machine, poolOf(G)).overcommit, undefined, 'gigantic, and none')
  t.strictSame(exportedPool(machine, poolOf(G, { overcommit: 1n })).overcommit, pages(1n))
})

t.test('a demote size that is not the next smaller size', async (t) => {
  const small = poolOf(65536n)
  const middle = poolOf(2n * M, { demoteSize: 65536n })
  const large = poolOf(G, { demoteSize: 65536n })
  const sizes = (machine: ReturnType<typeof machineOf>) =>
    machine.pools.map((pool) => exportedPool(machine, pool).demoteSize)
  t.strictSame(sizes(machineOf([small, middle, large], one)), [undefined, undefined, 65536n])
  const usualOne = poolOf(G, { demoteSize: 2n * M })
  t.strictSame(sizes(machineOf([usualOne, middle, small], one)), [undefined, undefined, undefined])
  const error = new Error() as never
  const machine = { ...machineOf([usualOne], one), unreadable: [{ size: 2n * M, error }] }
  t.strictSame(sizes(machine), [undefined], 'a pool that cannot be read is one')
})

t.test('surplus is left out, and said', async (t) => {
  t.strictSame(leftOutOfPool(poolOf(G)), [])
  t.strictSame(
    [1n, 2n].flatMap((surplus) => leftOutOfPool(poolOf(G, { total: 2n, surplus }))),
    [
      '1 surplus page of 1G: surplus goes by itself',
      '2 surplus pages of 1G: surplus goes by itself',
    ],
  )
})
