import t from 'tap'
import { counterChanges, counterDifferences } from '../../../src/model/telemetry/counter-changes.ts'
import { lookAt, nodePart, seenPool } from '../../helpers/pool-look.ts'
import { G, M } from '../../helpers/sizes.ts'

const before = lookAt(0, [
  seenPool({ nodes: [nodePart(0, 50n, 50n), nodePart(1, 50n, 50n)] }),
  seenPool({ size: G, total: 4n, free: 2n }),
])

t.test('differences of what both looks have, without those of 0', async (t) => {
  const after = lookAt(1000, [
    seenPool({
      free: 36n,
      reserved: 3n,
      overcommit: 5n,
      nodes: [nodePart(0, 50n, 50n), nodePart(1, 50n, -14n)],
    }),
    seenPool({ size: G, total: 3n, free: 2n, surplus: 1n }),
    seenPool({ size: 32n * M }),
  ])
  t.strictSame(counterChanges(before, after), [
    {
      size: 2n * M,
      changes: { free: -64n, reserved: 3n, available: -67n, inUse: 64n, overcommit: 5n },
    },
    { size: 2n * M, node: 1, changes: { free: -64n, inUse: 64n } },
    { size: G, changes: { total: -1n, persistent: -2n, inUse: -1n, surplus: 1n } },
  ])
  t.strictSame(counterChanges(after, after), [])
})

t.test('a counter that only one look knows did not change', async (t) => {
  const { free, ...rest } = seenPool()
  t.strictSame(counterChanges(lookAt(0, [seenPool()]), lookAt(1, [rest])), [])
  t.strictSame(counterChanges(lookAt(0, [rest]), lookAt(1, [seenPool({ total: 101n })])), [
    { size: 2n * M, changes: { total: 1n, persistent: 1n } },
  ])
})

t.test('differences of 0 are differences too, by pool and node', async (t) => {
  const { free, ...rest } = seenPool({ size: G, total: 5n })
  const after = lookAt(1000, [
    seenPool({ free: 36n, nodes: [nodePart(0, 50n, 50n), nodePart(2, 50n, 50n)] }),
    rest,
    seenPool({ size: 32n * M }),
  ])
  const shown = (...looks: readonly [typeof before, typeof before]) =>
    [...counterDifferences(...looks)].map(([key, { size, node, changes }]) => {
      const { total, inUse, surplus } = changes
      return [key, size, node, total, inUse, surplus]
    })
  t.strictSame(shown(before, after), [
    ['2097152@all', 2n * M, undefined, 0n, 64n, 0n],
    ['2097152@0', 2n * M, 0, 0n, 0n, 0n],
    ['1073741824@all', G, undefined, 1n, undefined, 0n],
  ])
  t.strictSame(
    shown(after, before).map(([key, , , total, inUse]) => [key, total, inUse]),
    [
      ['2097152@all', 0n, -64n],
      ['2097152@0', 0n, 0n],
      ['1073741824@all', -1n, undefined],
    ],
  )
})
