import t from 'tap'
import type { ConfiguredPool } from '../../../src/model/config/configuration.ts'
import {
  configuredCount,
  overcommitAssignments,
  pagesAssignments,
  poolKey,
} from '../../../src/model/config/configured-assignments.ts'
import { parseConfiguredPages } from '../../../src/model/config/configured-count.ts'
import { parseCount } from '../../../src/model/words/count.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const on = (node: number, total: bigint, surplus = 0n) => ({ node, total, free: 0n, surplus })
/** 7 persistent pages and 2 of surplus: 4 and 3 on two nodes, and nothing on a third. */
const pool = poolOf(2n * M, {
  total: 9n,
  surplus: 2n,
  nodes: [on(0, 4n), on(1, 5n, 2n), on(3, 0n)],
})

const configured = (pages?: string, size = 2n * M): ConfiguredPool => ({
  size,
  essential: true,
  optional: false,
  boot: false,
  ...(pages !== undefined && { pages: parseConfiguredPages(pages) }),
})

const pages = (count: bigint) => ({ kind: 'pages', sign: '', pages: count })
const counts = (text: string) => pagesAssignments({ pools: [pool] }, [configured(text)])[0]?.counts

t.test('a number is the number', async (t) => {
  t.strictSame(pagesAssignments({ pools: [pool] }, [configured('12')]), [
    { text: 'pools.2M.pages', size: 2n * M, counts: pages(12n) },
  ])
})

t.test('nodes that a list does not name have none', async (t) => {
  t.strictSame(counts('1:8'), [
    { node: 1, count: pages(8n) },
    { node: 0, count: pages(0n) },
    { node: 3, count: pages(0n) },
  ])
})

t.test('at least leaves alone what has more persistent pages', async (t) => {
  t.strictSame(counts('>=6'), pages(7n))
  t.strictSame(counts('>=7'), pages(7n))
  t.strictSame(counts('>=8'), pages(8n), 'surplus counts for nothing')
  t.strictSame(counts('>=0:3,1:4'), [
    { node: 0, count: pages(4n) },
    { node: 1, count: pages(4n) },
  ])
})

t.test(
  'what is not there is asked for as it stands, and what has no pages is not asked for',
  async (t) => {
    const all = [configured('>=0:1', G), configured(), configured('3')]
    t.strictSame(
      pagesAssignments({ pools: [pool] }, all).map(({ size, counts: of }) => [size, of]),
      [
        [G, [{ node: 0, count: pages(1n) }]],
        [2n * M, pages(3n)],
      ],
    )
  },
)

t.test('overcommit', async (t) => {
  const overcommit = parseCount('8M')
  t.strictSame(overcommitAssignments([configured('3'), { ...configured(), overcommit }]), [
    { text: 'pools.2M.overcommit', size: 2n * M, counts: overcommit },
  ])
})

t.test('memory is pages of the pool', async (t) => {
  t.equal(configuredCount(parseCount('8M'), pool), 4n)
  t.equal(configuredCount(parseCount('8'), pool), 8n)
  t.throws(() => configuredCount(parseCount('max'), pool), /no max/)
  t.equal(poolKey(G, 'demote-size'), 'pools.1G.demote-size')
})
