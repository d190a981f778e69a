import t from 'tap'
import {
  aboveOvercommit,
  heldObstacles,
  heldPages,
} from '../../../src/model/pools/held-forecast.ts'
import type { Pool } from '../../../src/model/pools/machine.ts'
import { poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const shrink = (pool: Partial<Pool>, before: bigint, requested: bigint) => ({
  pool: poolOf(2n * M, pool),
  count: { kind: 'pages', sign: '', pages: requested } as const,
  before,
  requested,
  keepsSurplus: false,
})

t.test('pages in use are in the way of a shrink, and surplus only where it stays', async (t) => {
  t.strictSame(heldObstacles(shrink({ total: 9n, free: 4n, overcommit: 0n }, 9n, 2n)), [
    '2M: 3 pages are in use, so it cannot shrink to 2',
  ])
  const idle = shrink({ total: 9n, free: 9n, surplus: 4n, overcommit: 0n }, 5n, 2n)
  t.strictSame([heldPages(idle), heldObstacles(idle)], [[], []])
  t.equal(heldPages({ ...idle, keepsSurplus: true })[0]?.surplus, 4n)
  t.equal(heldObstacles({ ...idle, keepsSurplus: true }).length, 1)
  const allowed = shrink({ total: 9n, free: 4n, overcommit: 3n }, 9n, 2n)
  t.strictSame(heldObstacles(allowed), [], 'not where overcommit allows it')
})

t.test('an overcommit that allows the surplus foretells nothing', async (t) => {
  const surplus = (overcommit: bigint) =>
    aboveOvercommit(poolOf(2n * M, { total: 9n, surplus: 5n }), overcommit).map(
      (held) => held.aboveOvercommit,
    )
  t.strictSame([4n, 5n, 6n].map(surplus), [[1n], [], []])
})
