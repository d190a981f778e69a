import assert from 'node:assert/strict'
import t from 'tap'
import { certainlyFreed, freedByNode } from '../../../src/model/pools/freed-memory.ts'
import type { Machine } from '../../../src/model/pools/machine.ts'
import { planResize, type ResizeRequest } from '../../../src/model/pools/resize-plan.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import * as fc from '../../helpers/property.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('whole rounds are certain, the pages left over are not', async (t) => {
  t.strictSame(certainlyFreed([2n, 2n], 2n), [1n, 1n])
  t.strictSame(certainlyFreed([2n, 2n], 3n), [1n, 1n])
  t.strictSame(certainlyFreed([2n, 2n], 4n), [2n, 2n])
  t.strictSame(certainlyFreed([5n, 5n, 5n], 2n), [0n, 0n, 0n])
})

t.test('where a node has no free page left the others go on', async (t) => {
  t.strictSame(certainlyFreed([1n, 9n], 6n), [1n, 5n])
  t.strictSame(certainlyFreed([9n, 0n, 1n], 6n), [5n, 0n, 1n])
  t.strictSame(certainlyFreed([9n, 9n, 1n], 6n), [2n, 2n, 1n])
})

t.test('more than there are is all of them, and where there are no nodes nothing', async (t) => {
  t.strictSame(certainlyFreed([3n, 0n, 7n], 99n), [3n, 0n, 7n])
  t.strictSame(certainlyFreed([3n, 7n], 0n), [0n, 0n])
  t.strictSame(certainlyFreed([], 5n), [])
})

/** What each node gives, page by page, where the kernel begins with the node at `start`. */
const inTurn = (free: readonly bigint[], pages: bigint, start: number): readonly bigint[] => {
  const rest = [...free]
  let left = pages
  for (let at = start; left > 0n && rest.some((has) => has > 0n); at = (at + 1) % rest.length) {
    const has = rest[at] ?? 0n
    if (has === 0n) continue
    rest[at] = has - 1n
    left -= 1n
  }
  return free.map((has, at) => has - (rest[at] ?? 0n))
}

const least = (counts: readonly bigint[]) => counts.reduce((a, b) => (a < b ? a : b))
const pools = fc.array(fc.bigInt(0n, 6n), { minLength: 1, maxLength: 5 })

t.test('it is the least that a node gives, wherever the kernel begins', async () => {
  fc.assert(
    fc.property(pools, fc.bigInt(0n, 32n), (free, pages) => {
      const runs = free.map((_, start) => inTurn(free, pages, start))
      const expected = free.map((_, at) => least(runs.map((given) => given[at] ?? -1n)))
      assert.deepEqual(certainlyFreed(free, pages), expected)
    }),
    { numRuns: 1000 },
  )
})

/**
 * 2 pages of 1G on each of two nodes, free but for those in use on node 0, where surplus ones are
 * in use as well. Beyond the margin node 0 has 1G more, node 1 nothing.
 */
const machine = ({ reserved = 0n, surplus = 0n, inUse = 0n } = {}): Machine => {
  const none = (node: number) => ({ node, total: 0n, free: 0n, surplus: 0n })
  const on0 = { node: 0, total: 2n + surplus, free: 2n - inUse, surplus }
  const on1 = { node: 1, total: 2n, free: 2n, surplus: 0n }
  const all = { total: 4n + surplus, free: 4n - inUse, surplus, reserved }
  const pools = [
    poolOf(2n * M, { nodes: [none(0), none(1)] }),
    poolOf(G, { ...all, nodes: [on0, on1] }),
  ]
  return machineOf(pools, [nodeOf(0, 3n * G, G + 64n * M), nodeOf(1, 3n * G, 64n * M)])
}

const counts = (words: string, on: Machine, request: Partial<ResizeRequest> = {}) =>
  planResize(on, { assignments: words.split(' ').map(parseAssignment), ...request }).settings.map(
    ({ requested }) => requested,
  )

t.test('a page that either node may give counts on neither', async (t) => {
  t.strictSame(counts('1G=1 2M=1:max', machine()), [1n, 512n])
  t.strictSame(counts('1G=0 2M=1:max', machine()), [0n, 1024n])
  t.strictSame(counts('1G=0 2M=1:max', machine({ reserved: 1n })), [0n, 512n])
  t.strictSame(counts('1G=0 2M=max', machine({ reserved: 1n })), [0n, 1536n])
  t.throws(() => counts('1G=1 2M=1:513', machine()), { code: 'E_REFUSED', hint: /2M=1:512;/ })
})

t.test('each pool gives what is asked of it, whatever others give', async (t) => {
  const nodes = (free: bigint) => [0, 1].map((node) => ({ node, total: free, free, surplus: 0n }))
  const small = poolOf(2n * M, { total: 20n, free: 20n, nodes: nodes(10n) })
  const large = poolOf(G, { total: 4n, free: 4n, nodes: nodes(2n) })
  const shrink = (pool: typeof small, before: bigint, requested: bigint) => ({
    ...{ pool, before, requested, count: { kind: 'pages', sign: '', pages: requested } as const },
  })
  const freed = (...shrinks: readonly ReturnType<typeof shrink>[]) =>
    freedByNode(machineOf([small, large], [nodeOf(0, G), nodeOf(1, G)]), undefined, shrinks)
  t.strictSame(
    freed(shrink(small, 20n, 10n), shrink(large, 4n, 2n)),
    new Map<number | undefined, bigint>([
      [0, 10n * M + G],
      [1, 10n * M + G],
      [undefined, 20n * M + 2n * G],
    ]),
  )
  t.strictSame(
    freed(shrink({ ...large, nodes: [] }, 4n, 1n)),
    new Map([[undefined, 3n * G]]),
    'without NUMA',
  )
})

const poor = { total: 3n * G, available: 64n * M }

t.test('for the machine as a whole it counts', async (t) => {
  const roomy = {
    ...machine({ reserved: 1n }),
    nodes: [nodeOf(0, 6n * G), nodeOf(1, 6n * G)],
    memory: poor,
  }
  t.strictSame(counts('1G=0 2M=max', roomy), [0n, 1536n])
})

t.test(
  'under a policy pages go from its nodes alone, and from those the cpuset allows',
  async (t) => {
    const bind = (...nodes: number[]) => ({ policy: { mode: 'bind' as const, nodes } })
    t.strictSame(counts('1G=2 2M=max', machine(), bind(1)), [2n, 1024n])
    t.strictSame(counts('1G=0 2M=max', { ...machine(), memory: poor }, bind(0)), [0n, 1024n])
    const confined = { ...machine(), allowedNodes: [1] }
    t.strictSame(counts('1G=3 2M=max', confined, bind(0, 1)), [3n, 512n])
  },
)

t.test('surplus keeps no free page, for it becomes persistent first', async (t) => {
  t.strictSame(counts('1G=0 2M=1:max', machine({ surplus: 1n })), [0n, 1024n])
  t.strictSame(counts('1G=2 2M=1:max', machine({ surplus: 1n })), [2n, 512n])
  t.strictSame(counts('1G=1:0 2M=1:max', machine({ surplus: 3n })), [0n, 1024n])
})

t.test('pages in use that are taken keep no free one on another node', async (t) => {
  const used = machine({ inUse: 2n })
  t.strictSame(counts('1G=1:0 2M=1:max', used), [0n, 1024n])
  t.strictSame(counts('1G=0:1,1:0 2M=1:max', used), [1n, 0n, 1024n])
  t.strictSame(counts('1G=0:0,1:0 2M=1:max', used), [0n, 0n, 1024n])
  t.strictSame(counts('1G=0:0,1:0 2M=1:max', machine()), [0n, 0n, 1024n])
})

t.test('on which of the nodes that shrink reserved pages stay is not certain', async (t) => {
  const reserved = machine({ reserved: 1n })
  t.strictSame(counts('1G=1:0 2M=1:max', reserved), [0n, 1024n])
  t.strictSame(counts('1G=0:1,1:0 2M=1:max', reserved), [1n, 0n, 1024n])
  t.strictSame(counts('1G=0:0,1:0 2M=1:max', reserved), [0n, 0n, 512n])
})
