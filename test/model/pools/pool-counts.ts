import t from 'tap'
import { expandAssignments, resolveCount } from '../../../src/model/pools/pool-counts.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { parseCount } from '../../../src/model/words/count.ts'
import { parseNodes } from '../../../src/model/words/node-list.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const onNodes = (...ids: number[]) =>
  ids.map((node) => ({ node, total: 0n, free: 0n, surplus: 0n }))

/** Node 3 has no memory; node 11 has none and no directory for its pools either. */
const machine = machineOf(
  [
    poolOf(2n * M, { isDefault: true, nodes: onNodes(0, 1, 3) }),
    poolOf(G, { nodes: onNodes(0, 1, 3) }),
  ],
  [nodeOf(0, 8n * G), nodeOf(1, 8n * G), nodeOf(3, 0n), nodeOf(11, 0n)],
)

const expand = (words: string, nodes?: string) =>
  expandAssignments(
    machine,
    words.split(' ').map(parseAssignment),
    nodes === undefined ? undefined : parseNodes(nodes),
  ).map(({ pool, node, count }) => [
    pool.size,
    node,
    count.kind === 'pages' ? count.pages : count.kind,
  ])

t.test('an assignment means a whole pool, or a pool on each of some nodes', async (t) => {
  t.strictSame(expand('2M=5 1G=max'), [
    [2n * M, undefined, 5n],
    [G, undefined, 'max'],
  ])
  t.strictSame(expand('1G=1:2,0:3'), [
    [G, 1, 2n],
    [G, 0, 3n],
  ])
  t.strictSame(expand('default=5'), [[2n * M, undefined, 5n]])
})

t.test('--node applies the count to each named node', async (t) => {
  t.strictSame(expand('2M=5', '0-1'), [
    [2n * M, 0, 5n],
    [2n * M, 1, 5n],
  ])
})

t.test('all means the nodes with memory', async (t) => {
  t.strictSame(expand('2M=5', 'all'), expand('2M=5', '0,1'))
})

t.test('what this machine lacks is not supported', async (t) => {
  t.throws(() => expand('64K=1'), {
    code: 'E_UNSUPPORTED',
    message: 'there are no 64K pages here',
    hint: 'this machine has 2M, 1G',
  })
  t.throws(() => expand('2M=99:1'), {
    code: 'E_UNSUPPORTED',
    message: 'there is no node 99 here',
    hint: 'this machine has nodes 0-1,3,11',
  })
  t.throws(() => expand('2M=1', '0-2'), {
    code: 'E_UNSUPPORTED',
    message: 'there is no node 2 here',
  })
  for (const count of ['1', '-1', '2M', '1%', 'max'])
    t.throws(() => expand(`2M=11:${count}`), {
      code: 'E_UNSUPPORTED',
      message: 'node 11 has no pool of 2M pages',
    })
  for (const count of ['0', '+0', '0G', '0%'])
    t.doesNotThrow(() => expand(`2M=11:${count}`), `${count} of nothing`)
})

t.test('a pool named twice is an error of usage, however it is named', async (t) => {
  for (const words of [
    '2M=1 2M=1',
    '2M=1 default=2',
    '2M=1 2048k=2',
    '1G=0:1 1G=1:1',
    '2M=1 1G=1 2M=0:1',
  ])
    t.throws(
      () => expand(words),
      { code: 'E_USAGE', message: /the pool of \S+ pages is named twice/ },
      words,
    )
})

t.test('nodes named in two ways are an error of usage', async (t) => {
  t.throws(() => expand('2M=0:1', '1'), {
    code: 'E_USAGE',
    message: "'2M=0:1' names nodes already, so --node cannot",
  })
})

const memory = { total: 10n * G + 1n, available: G }
const resolve = (count: string, before = 100n) =>
  resolveCount({ pool: poolOf(2n * M), count: parseCount(count) }, before, memory)

t.test('a count is resolved against the present number', async (t) => {
  t.equal(resolve('512'), 512n)
  t.equal(resolve('+64'), 164n)
  t.equal(resolve('-64'), 36n)
  t.equal(resolve('-100'), 0n)
  t.equal(resolve('1G'), 512n)
  t.equal(resolve('+1G'), 612n)
  t.equal(resolve('-4M'), 98n)
  t.equal(resolve('+0'), 100n)
  t.equal(resolve('max'), undefined)
})

t.test('a share is of all memory, in whole pages', async (t) => {
  t.equal(resolve('25%'), 1280n)
  t.equal(resolve('100%'), 5120n)
  t.equal(resolve('0%'), 0n)
  const pool = poolOf(16n * G)
  t.equal(resolveCount({ pool, count: parseCount('100%') }, 0n, memory), 0n)
  t.throws(() => resolveCount({ pool, count: parseCount('1%') }, 0n, undefined), {
    code: 'E_UNSUPPORTED',
  })
})

t.test('a count out of bounds is an error of usage', async (t) => {
  t.throws(() => resolve('-101'), {
    code: 'E_USAGE',
    message: '2M has 100: cannot take 101 away',
    hint: '2M=0 leaves none',
  })
  t.throws(() => resolve('-1G'), { code: 'E_USAGE', message: /cannot take 512 away/ })
  t.throws(() => resolve('+9223372036854775807'), {
    code: 'E_USAGE',
    message: 'more than 9223372036854775807 pages of 2M',
  })
  t.equal(resolve('+9223372036854775707'), 9223372036854775807n)
  t.throws(() => resolve('3M'), { code: 'E_USAGE', hint: 'the nearest amounts are 2M and 4M' })
})
