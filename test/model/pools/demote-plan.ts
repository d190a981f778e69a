import t from 'tap'
import { objectionOf } from '../../../src/errors.ts'
import { demoteWrites, fewerSplitWords, planDemote } from '../../../src/model/pools/demote-plan.ts'
import { splittableOf } from '../../../src/model/pools/demote-steps.ts'
import type { Pool } from '../../../src/model/pools/machine.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { parseNodes } from '../../../src/model/words/node-list.ts'
import * as fc from '../../helpers/property.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const onNode = (node: number, free: bigint) => ({ node, total: free, free, surplus: 0n })

const large = (reserved: bigint, ...free: readonly bigint[]): Pool =>
  poolOf(G, {
    total: free.reduce((sum, pages) => sum + pages, 0n),
    free: free.reduce((sum, pages) => sum + pages, 0n),
    reserved,
    demoteSize: 32n * M,
    nodes: free.map((pages, node) => onNode(node, pages)),
  })

interface Asked {
  readonly node?: string
  readonly to?: bigint | 'default'
  readonly all?: boolean
}

const plan = (words: string, pool: Pool, { node, to, all = false }: Asked = {}) =>
  planDemote(
    machineOf(
      [
        poolOf(M / 16n, { nodes: pool.nodes.map(({ node: id }) => onNode(id, 0n)) }),
        poolOf(2n * M, {
          isDefault: true,
          nodes: pool.nodes.map(({ node: id }) => onNode(id, 0n)),
        }),
        poolOf(32n * M, {
          demoteSize: 2n * M,
          total: 4n,
          free: 4n,
          nodes: pool.nodes.map(({ node: id }) => onNode(id, 2n)),
        }),
        pool,
      ],
      pool.nodes.map(({ node: id }) => nodeOf(id, 64n * G)),
    ),
    {
      assignments: words.split(' ').map(parseAssignment),
      all,
      ...(node !== undefined && { nodes: parseNodes(node) }),
      ...(to !== undefined && { to }),
    },
  )

const writes = (...of: Parameters<typeof plan>) =>
  demoteWrites(plan(...of)).map(({ path, value }) => {
    const [, node, kilobytes, file] =
      /(node\d+)?\/hugepages\/hugepages-(\d+)kB\/(\w+)$/.exec(path) ?? []
    return `${node ? `${node} ` : ''}${kilobytes} ${file}=${value}`
  })

t.test('pages are split into the size that the kernel has set', async (t) => {
  t.strictSame(writes('1G=2', large(0n, 4n, 4n)), ['1048576 demote=2'])
  t.strictSame(writes('1G=2G', large(0n, 4n, 4n)), ['1048576 demote=2'])
  t.strictSame(writes('1G=max', large(3n, 4n, 4n)), ['1048576 demote=5'])
  t.strictSame(writes('1G=1:1,0:2', large(0n, 4n, 4n)), [
    'node1 1048576 demote=1',
    'node0 1048576 demote=2',
  ])
  t.strictSame(writes('1G=1', large(0n, 4n, 4n), { node: '0-1' }), [
    'node0 1048576 demote=1',
    'node1 1048576 demote=1',
  ])
})

t.test('another size is set before and put back after, only where it differs', async (t) => {
  t.strictSame(writes('1G=2', large(0n, 4n), { to: 2n * M }), [
    '1048576 demote_size=2048kB',
    '1048576 demote=2',
    '1048576 demote_size=32768kB',
  ])
  t.strictSame(
    writes('1G=2', large(0n, 4n), { to: 'default' }),
    writes('1G=2', large(0n, 4n), { to: 2n * M }),
  )
  t.strictSame(writes('1G=2', large(0n, 4n), { to: 32n * M }), ['1048576 demote=2'])
  t.strictSame(writes('1G=0', large(0n, 4n), { to: 2n * M }), [])
})

t.test('larger pages are split first', async (t) => {
  t.strictSame(writes('32M=1 1G=1', large(0n, 4n)), ['1048576 demote=1', '32768 demote=1'])
})

t.test('what comes of larger pages can be split further', async (t) => {
  const written = (words: string) => writes(words, large(0n, 4n, 4n))
  t.strictSame(written('1G=2 32M=69'), ['1048576 demote=2', '32768 demote=68'])
  t.strictSame(written('1G=1:1 32M=0:9,1:99'), [
    'node1 1048576 demote=1',
    'node0 32768 demote=2',
    'node1 32768 demote=34',
  ])
})

t.test('never more is written than is free and not reserved', async (t) => {
  t.strictSame(writes('1G=8', large(3n, 4n, 4n)), ['1048576 demote=5'])
  t.strictSame(writes('1G=0:9', large(3n, 4n, 4n)), ['node0 1048576 demote=1'])
  t.strictSame(writes('1G=0:4,1:4', large(0n, 4n, 4n)), [
    'node0 1048576 demote=4',
    'node1 1048576 demote=4',
  ])
  t.strictSame(writes('1G=8', large(-1n, 4n, 4n)), ['1048576 demote=8'], 'a counter that wrapped')
  t.match(plan('1G=8', large(3n, 4n, 4n)), [{ steps: [{ requested: 8n, splittable: 5n }] }])
})

t.test('only what is split in part is told of', async (t) => {
  t.strictSame(fewerSplitWords(plan('1G=0:2,1:9', large(0n, 4n, 4n))), [
    '1G on node 1: only 4 of 9 can be split: there are 4 on node 1',
  ])
  t.strictSame(fewerSplitWords(plan('1G=9', large(3n, 4n, 4n))), [
    '1G: only 5 of 9 can be split: free pages: 8, reserved in the pool: 3',
  ])
})

t.test('several nodes together never get more than the whole pool has', async (t) => {
  const behind = { ...large(0n, 4n, 4n), free: 5n }
  t.strictSame(writes('1G=0:4,1:4', behind), ['node0 1048576 demote=4', 'node1 1048576 demote=1'])
})

const pages = fc.bigInt(0n, 6n)

t.test('on a node as on the machine, whatever is free and reserved', async () => {
  const cases = fc.tuple(pages, pages, fc.bigInt(0n, 12n), fc.bigInt(0n, 20n), fc.bigInt(0n, 20n))
  fc.assert(
    fc.property(cases, ([first, second, reserved, one, other]) => {
      const pool = large(reserved, first, second)
      const spare = first + second > reserved ? first + second - reserved : 0n
      const most = (free: bigint) => (free > reserved ? free - reserved : 0n)
      fc.pre(most(first) > 0n && one > 0n)
      const [task] = plan(`1G=0:${one},1:${other}`, pool)
      const [a = 0n, b = 0n] = task?.steps.map(({ splittable }) => splittable) ?? []
      return a <= most(first) && b <= most(second) && a + b <= spare && a <= one && b <= other
    }),
    { numRuns: 500 },
  )
})

t.test('what can be split follows the counters', async (t) => {
  const pool = large(3n, 4n, 1n)
  t.equal(splittableOf(pool), 2n)
  t.equal(splittableOf(pool, 0), 1n)
  t.equal(splittableOf(pool, 1), 0n)
  t.equal(splittableOf(large(9n, 4n, 1n)), 0n)
})

t.test('where no page can be split at all it says why', async (t) => {
  const refusal = (pool: Pool, words = '1G=1') => {
    try {
      return plan(words, pool)
    } catch (error) {
      return { code: (error as { code: string }).code, message: (error as Error).message }
    }
  }
  const code = 'E_REFUSED'
  t.strictSame(refusal(large(0n, 0n)), {
    code,
    message: 'no page of 1G can be split: there are none',
  })
  const busy = { ...large(0n, 3n), free: 0n }
  t.strictSame(refusal(busy), { code, message: 'no page of 1G can be split: none of 3 is free' })
  t.strictSame(refusal(large(2n, 2n)), {
    code,
    message: 'no page of 1G can be split: free pages: 2, reserved in the pool: 2',
  })
  t.strictSame(refusal(large(2n, 2n, 2n), '1G=1:1'), {
    code,
    message: 'no page of 1G can be split: free pages on node 1: 2, reserved in the pool: 2',
  })
})

t.test('--all-or-nothing refuses what cannot be split wholly', async (t) => {
  t.throws(() => plan('1G=5', large(1n, 4n), { all: true }), {
    code: 'E_REFUSED',
    message: 'only 3 of 5 pages of 1G can be split: free pages: 4, reserved in the pool: 1',
  })
  const lack = (pool: Pool) => objectionOf(() => plan('1G=9', pool, { all: true }))[0]?.message
  const only = (pages: number, why: string) => `only ${pages} of 9 pages of 1G can be split: ${why}`
  t.equal(lack({ ...large(0n, 3n), free: 1n }), only(1, '1 of 3 is free'))
  t.equal(lack({ ...large(0n, 3n), free: 2n }), only(2, '2 of 3 are free'))
  t.equal(lack(large(0n, 1n)), only(1, 'there is 1'))
  t.equal(lack(large(0n, 2n)), only(2, 'there are 2'))
  t.strictSame(writes('1G=3', large(1n, 4n), { all: true }), ['1048576 demote=3'])
})

t.test('what makes no sense is an error of usage', async (t) => {
  for (const words of ['1G=+1', '1G=-1', '1G=50%', '1G=512M', '1G=1 1G=1', '1G=+1G'])
    t.throws(() => plan(words, large(0n, 4n)), { code: 'E_USAGE' }, words)
  t.throws(() => plan('1G=1', large(0n, 4n), { to: G }), {
    code: 'E_USAGE',
    message: '1G pages cannot be split into 1G pages',
  })
  t.throws(() => plan('32M=1', large(0n, 4n), { to: G }), { code: 'E_USAGE' })
})

t.test('what the machine lacks is not supported', async (t) => {
  t.throws(() => plan('2M=1', large(0n, 4n)), {
    code: 'E_UNSUPPORTED',
    message: '2M pages cannot be split here',
  })
  t.throws(() => plan('1G=1', large(0n, 4n), { to: 64n * 1024n }), { code: 'E_UNSUPPORTED' })
  t.throws(() => plan('1G=7:1', large(0n, 4n)), {
    code: 'E_UNSUPPORTED',
    message: 'there is no node 7 here',
  })
})
