import t from 'tap'
import { parseConfiguredSize } from '../../../src/model/config/config-words.ts'
import { namedTables } from '../../../src/model/config/named-tables.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('tables by what their names mean', async (t) => {
  const { named, faults } = namedTables('pools', { '2048kB': 1, '1G': 2 }, parseConfiguredSize)
  t.strictSame(
    [...named],
    [
      [2n * M, { name: '2048kB', table: 1 }],
      [G, { name: '1G', table: 2 }],
    ],
  )
  t.strictSame(faults, [])
  t.strictSame(namedTables('pools', undefined, parseConfiguredSize).named.size, 0)
})

t.test('a second spelling and a wrong name are faults', async (t) => {
  const { named, faults } = namedTables(
    'pools',
    { '2M': 1, '2097152': 2, x: 3 },
    parseConfiguredSize,
  )
  t.equal(named.size, 1)
  t.strictSame(
    faults.map(({ path, message }) => [path, message]),
    [
      [['pools', '2M'], 'is the same as pools.2097152'],
      [['pools', 'x'], "'x' is not a page size"],
    ],
  )
})
