import t from 'tap'
import { readPartialPool } from '../../../src/kernel/pools/partial-pool.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { treeOf } from '../../helpers/run.ts'

const directory = '/sys/kernel/mm/hugepages/hugepages-2048kB'
const small = { size: 2097152n, isDefault: true }

/** A machine whose counters of one pool read as `texts` says, by the name of the file. */
const reading = (texts: Readonly<Record<string, () => string>>) => {
  const tree = treeOf('two-nodes')
  const read = (path: string) => {
    const text = path.startsWith(`${directory}/`) && texts[path.slice(directory.length + 1)]?.()
    return typeof text === 'string' ? octets(text) : tree.read(path)
  }
  return { ...tree, read }
}

t.test('all but the attribute at fault', async (t) => {
  t.strictSame(readPartialPool(reading({ free_hugepages: () => 'x' }), small, [0, 7]), {
    ...small,
    reserved: 8n,
    overcommit: 16n,
    total: 100n,
    surplus: 4n,
    nodes: [{ node: 0, total: 64n, free: 60n, surplus: 0n }],
    settled: true,
    faulty: [
      {
        path: `${directory}/free_hugepages`,
        message: `${directory}/free_hugepages: expected a number, found "x"`,
      },
    ],
  })
})

t.test('what contradicts itself is bounded and marked, as in a whole pool', async (t) => {
  const tree = reading({ resv_hugepages: () => 'x', free_hugepages: () => '500\n' })
  t.hasStrict(readPartialPool(tree, small, []), { total: 100n, free: 100n, settled: false })
  let reads = 0
  const changing = reading({
    resv_hugepages: () => 'x',
    free_hugepages: () => {
      reads += 1
      return `${reads}\n`
    },
  })
  t.hasStrict(readPartialPool(changing, small, []), { free: 16n, settled: false })
})
