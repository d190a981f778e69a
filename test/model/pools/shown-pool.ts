import t from 'tap'
import { type ShownPool, shownCounts, showsCounters } from '../../../src/model/pools/shown-pool.ts'
import { M } from '../../helpers/sizes.ts'

const nothing: ShownPool = { size: 2n * M, nodes: [], settled: true }

t.test('whether anything could be read', async (t) => {
  t.equal(showsCounters(nothing), false)
  t.equal(showsCounters({ ...nothing, nodes: [{ node: 0 }] }), false)
  t.equal(showsCounters({ ...nothing, overcommit: 0n }), true)
  t.equal(showsCounters({ ...nothing, nodes: [{ node: 0 }, { node: 1, free: 0n }] }), true)
})

t.test('what counts pages, of a pool and of its part on a node', async (t) => {
  const counters = { total: 8n, free: 6n, surplus: 1n }
  const pool = { ...nothing, ...counters, reserved: 2n, overcommit: 3n }
  const both = { total: 8n, persistent: 7n, free: 6n, inUse: 2n, surplus: 1n }
  const whole = { reserved: 2n, available: 4n, overcommit: 3n }
  t.strictSame(shownCounts(pool, pool), { ...both, ...whole })
  const unknown = { reserved: undefined, available: undefined, overcommit: undefined }
  t.strictSame(shownCounts({ ...counters }), { ...both, ...unknown })
})
