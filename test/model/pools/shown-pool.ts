import t from 'tap'
import { type ShownPool, showsCounters } from '../../../src/model/pools/shown-pool.ts'
import { M } from '../../helpers/sizes.ts'

const nothing: ShownPool = { size: 2n * M, nodes: [], settled: true }

t.test('whether anything could be read', async (t) => {
  t.equal(showsCounters(nothing), false)
  t.equal(showsCounters({ ...nothing, nodes: [{ node: 0 }] }), false)
  t.equal(showsCounters({ ...nothing, overcommit: 0n }), true)
  t.equal(showsCounters({ ...nothing, nodes: [{ node: 0 }, { node: 1, free: 0n }] }), true)
})
