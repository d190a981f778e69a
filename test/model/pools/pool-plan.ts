import t from 'tap'
import {
  echoLine,
  grows,
  inOrder,
  type PoolStep,
  poolName,
  stepFor,
} from '../../../src/model/pools/pool-plan.ts'
import * as fc from '../../helpers/property.ts'

const target = { size: 2097152n, attribute: 'persistent' as const }

t.test('a step knows its file', async (t) => {
  const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB'
  t.equal(stepFor(target, 0n, 1n).path, `${pool}/nr_hugepages`)
  t.equal(
    stepFor({ ...target, node: 12 }, 0n, 1n).path,
    '/sys/devices/system/node/node12/hugepages/hugepages-2048kB/nr_hugepages',
  )
  t.equal(
    stepFor({ ...target, attribute: 'overcommit' }, 0n, 1n).path,
    `${pool}/nr_overcommit_hugepages`,
  )
  const policy = { mode: 'bind', nodes: [1] } as const
  t.equal(stepFor(target, 0n, 1n, policy).path, `${pool}/nr_hugepages_mempolicy`)
})

const step: fc.Arbitrary<PoolStep> = fc
  .tuple(
    fc.constantFrom(65536n, 2097152n, 1073741824n),
    fc.nat(3),
    fc.bigInt(0n, 3n),
    fc.bigInt(0n, 3n),
  )
  .map(([size, node, before, value]) => stepFor({ ...target, size, node }, before, value))

const inRightOrder = (a: PoolStep, b: PoolStep): boolean => {
  if (grows(a) !== grows(b)) return grows(b)
  if (a.size !== b.size) return a.size > b.size
  return (a.node ?? -1) <= (b.node ?? -1)
}

t.test('shrinks first, larger pages first, nodes in order', async () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const ordered = inOrder(steps)
      return (
        ordered.every((one, i) => i === 0 || inRightOrder(ordered[i - 1] as PoolStep, one)) &&
        ordered.length === steps.length &&
        steps.every((one) => ordered.includes(one))
      )
    }),
  )
})

t.test('a whole pool comes before its nodes', async (t) => {
  const steps = [0, undefined, 1].map((node) =>
    stepFor({ ...target, ...(node !== undefined && { node }) }, 0n, 1n),
  )
  t.strictSame(
    inOrder(steps).map(({ node }) => node),
    [undefined, 0, 1],
  )
})

const G = 1073741824n
const M2 = target.size

t.test('each kind of step has its turn, whatever the sizes', async (t) => {
  const of = (size: bigint, before: bigint, value: bigint, node?: number) =>
    stepFor({ ...target, size, ...(node !== undefined && { node }) }, before, value)
  const growFirst = new Set([G / 2n, M2])
  const ordered = [
    { ...of(M2, 4n, 9n), convertsSurplus: true as const },
    of(G, 5n, 1n),
    of(65536n, 5n, 1n),
    of(G / 2n, 1n, 5n),
    of(M2, 1n, 5n, 1),
    of(G / 2n, 5n, 1n),
    of(M2, 5n, 1n, 0),
    of(G, 1n, 5n),
    of(65536n, 1n, 5n),
    { ...of(G, 5n, 1n), makesSurplus: true as const },
    { ...of(M2, 4n, 1n, 1), makesSurplus: true as const },
    { ...of(M2, 9n, 1n, 0), makesSurplus: true as const },
    { ...of(M2, 9n, 1n, 2), makesSurplus: true as const },
  ]
  t.strictSame(inOrder(ordered, growFirst), ordered)
  t.strictSame(inOrder(ordered.toReversed(), growFirst), ordered)
})

t.test('a place for a sentence', async (t) => {
  t.equal(poolName({ size: 2097152n }), '2M')
  t.equal(poolName({ size: 2097152n, node: 0 }), '2M on node 0')
})

t.test('a line for a shell', async (t) => {
  t.equal(echoLine('/sys/x', 5n), 'echo 5 > /sys/x')
  t.equal(echoLine('/sys/x', '2048kB'), 'echo 2048kB > /sys/x')
  t.equal(
    echoLine('/sys/x', 5n, { mode: 'interleave', nodes: [0, 1] }),
    "numactl --interleave=0-1 sh -c 'echo 5 > /sys/x'",
  )
})
