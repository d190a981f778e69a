import t from 'tap'
import { poolFaults } from '../../../src/model/config/pool-faults.ts'
import type { Count } from '../../../src/model/words/count.ts'
import { G, M } from '../../helpers/sizes.ts'

const memory = (bytes: bigint): Count => ({ kind: 'memory', sign: '', bytes })
const pages: Count = { kind: 'pages', sign: '', pages: 3n }

t.test('what a page size forbids', async (t) => {
  const cases: readonly (readonly [Parameters<typeof poolFaults>[2], readonly string[]])[] = [
    [{}, []],
    [{ pages: { counts: pages, atLeast: false }, overcommit: pages, 'demote-size': M }, []],
    [{ pages: { counts: memory(4n * M), atLeast: true }, overcommit: memory(0n) }, []],
    [
      { pages: { counts: memory(3n * M), atLeast: true } },
      ['pages: 3M is not a whole number of 2M pages'],
    ],
    [
      {
        pages: {
          counts: [
            { node: 0, count: pages },
            { node: 1, count: memory(5n * M) },
          ],
          atLeast: false,
        },
        overcommit: memory(M),
      },
      [
        'pages: 5M is not a whole number of 2M pages',
        'overcommit: 1M is not a whole number of 2M pages',
      ],
    ],
    [{ 'demote-size': 2n * M }, ['demote-size: 2M is not smaller than 2M']],
    [{ 'demote-size': G }, ['demote-size: 1G is not smaller than 2M']],
  ]
  for (const [table, faults] of cases)
    t.strictSame(
      poolFaults('2048kB', 2n * M, table).map(({ path, message }) => {
        t.strictSame(path.slice(0, 2), ['pools', '2048kB'])
        return `${path[2]}: ${message}`
      }),
      faults,
    )
})
