import t from 'tap'
import {
  memoryFragmented,
  poolTooSmall,
} from '../../../../src/model/doctor/findings/demand-findings.ts'
import type { Pool } from '../../../../src/model/pools/machine.ts'
import type { Shortage } from '../../../../src/model/pools/shortage.ts'
import type { DatabaseDemand } from '../../../../src/model/processes/database-demand.ts'
import { knownPools, poolOf } from '../../../helpers/known-pools.ts'
import { G, M } from '../../../helpers/sizes.ts'

const node = (free: bigint, ready?: bigint, gigantic = false): Shortage => ({
  node: 0,
  free,
  gigantic,
  ...(ready !== undefined && { ready }),
})

const inPieces = (of: Partial<Pool>, ...blocks: readonly Shortage[]) =>
  memoryFragmented(knownPools([poolOf(of)], { blocks: new Map([[2n * M, blocks]]) }))

const fragmented = (free: string, blocks: string, pages: string) => [
  {
    level: 'note',
    what: `memory is in pieces: ${free} are free, and hold ${blocks} of 2M, while overcommit may add ${pages}`,
    hints: ["'sysctl vm.compact_memory=1' has the kernel make blocks of it"],
  },
]

t.test('free memory in blocks that are too small', async (t) => {
  const room = { overcommit: 1000n }
  t.strictSame(inPieces(room, node(2n * G, 7n)), fragmented('2G', '7 blocks', '1000 pages'))
  t.strictSame(
    inPieces(room, node(G, 1n), node(G)),
    fragmented('2G', '1 block', '1000 pages'),
    'nodes add up, and one has no block',
  )
  t.strictSame(inPieces(room), [])
  t.strictSame(memoryFragmented(knownPools([poolOf(room)])), [])
  t.strictSame(inPieces({ overcommit: 1000n, surplus: 985n }, node(G, 1n)), [], '15 pages')
  t.equal(inPieces({ overcommit: 1000n, surplus: 984n }, node(G, 1n)).length, 1, '16 pages')
  t.strictSame(inPieces(room, node(31n * M, 1n)), [], 'memory for 15 pages')
  t.equal(inPieces(room, node(32n * M, 1n)).length, 1, 'memory for 16 pages')
})

t.test('as many blocks as are needed, or a quarter of the memory', async (t) => {
  t.strictSame(inPieces({ overcommit: 20n }, node(8n * G, 20n)), [])
  t.equal(inPieces({ overcommit: 20n }, node(8n * G, 19n)).length, 1)
  t.strictSame(inPieces({ overcommit: 1000n }, node(800n * M, 100n)), [])
  t.equal(inPieces({ overcommit: 1000n }, node(800n * M, 99n)).length, 1)
  t.strictSame(inPieces({ overcommit: 1000n }, node(8n * G, undefined, true)), [], 'gigantic')
})

const postgres: DatabaseDemand = {
  file: '/etc/postgresql/17/main/postgresql.conf',
  asked: 'huge_pages=try',
  bytes: 150n * M,
  insists: false,
}
const mysql: DatabaseDemand = {
  file: '/etc/my.cnf',
  asked: 'large-pages',
  bytes: 51n * M,
  insists: true,
}

const tooSmall = (pool: Partial<Pool>, ...databases: readonly DatabaseDemand[]) =>
  poolTooSmall(
    knownPools([poolOf({ size: G }), poolOf({ isDefault: true, ...pool })], { databases }),
  )

t.test('databases that ask for more than the pool can have', async (t) => {
  const hint = (pages: number) => [
    `'hugepool resize 2M=${pages} --persist' makes the least that is needed; 'postgres -C shared_memory_size_in_huge_pages' tells all of a PostgreSQL`,
  ]
  t.strictSame(tooSmall({}, postgres, mysql), [
    {
      level: 'warning',
      what: '/etc/postgresql/17/main/postgresql.conf asks for 150M (huge_pages=try), /etc/my.cnf asks for 51M (large-pages), and the pool of 2M has 200M',
      hints: hint(101),
    },
  ])
  t.strictSame(tooSmall({ total: 0n, free: 0n }, postgres, mysql), [
    {
      level: 'warning',
      what: '/etc/my.cnf asks for 51M (large-pages), and the pool of 2M has 0',
      hints: hint(26),
    },
  ])
})

t.test('what the pool can have, and pools that nobody is known to need', async (t) => {
  t.strictSame(tooSmall({ total: 101n }, postgres, mysql), [])
  t.strictSame(tooSmall({ overcommit: 1n }, postgres, mysql), [])
  t.equal(tooSmall({ overcommit: 1n, surplus: 1n }, postgres, mysql).length, 1)
  t.equal(tooSmall({ total: 0n, overcommit: 1n }, postgres).length, 1)
  t.strictSame(tooSmall({ total: 0n, free: 0n }, postgres), [])
  t.strictSame(tooSmall({}), [])
  t.strictSame(poolTooSmall(knownPools([poolOf({ isDefault: true })])), [])
  t.strictSame(poolTooSmall(knownPools([poolOf()], { databases: [{ ...mysql, bytes: G }] })), [])
})
