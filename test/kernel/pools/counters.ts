import t from 'tap'
import { readCountersOf } from '../../../src/kernel/pools/counters.ts'
import { treeOf } from '../../helpers/run.ts'

t.test('reading back after a write', async (t) => {
  const tree = treeOf('two-nodes')
  t.strictSame(readCountersOf(tree, 2097152n), { total: 100n, free: 90n, surplus: 4n })
  t.strictSame(readCountersOf(tree, 2097152n, 1), { total: 36n, free: 30n, surplus: 4n })
})

t.test('a node without a directory is an error, and no zero', async (t) => {
  t.throws(() => readCountersOf(treeOf('two-nodes'), 2097152n, 7), {
    code: 'E_UNSUPPORTED',
    message: /node7\/hugepages\/hugepages-2048kB\/nr_hugepages: no such attribute/,
  })
})
