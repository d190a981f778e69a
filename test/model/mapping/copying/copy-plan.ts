import t from 'tap'
import { HugepoolError } from '../../../../src/errors.ts'
import {
  planCopy,
  roundingWords,
  type SourceFacts,
  type TargetFacts,
} from '../../../../src/model/mapping/copying/copy-plan.ts'
import type { CopyRequest } from '../../../../src/model/mapping/copying/copy-request.ts'
import type { Machine } from '../../../../src/model/pools/machine.ts'
import { G, M } from '../../../helpers/sizes.ts'

const pool = (size: bigint, nodes: readonly number[]) => ({
  size,
  total: 4n,
  free: 4n,
  surplus: 0n,
  reserved: 0n,
  overcommit: 0n,
  nodes: nodes.map((node) => ({ node, total: 2n, free: 2n, surplus: 0n })),
  settled: true,
})

const machine: Machine = {
  pools: [pool(2n * M, [0, 1]), pool(G, [0])],
  nodes: [
    { id: 0, hasMemory: true },
    { id: 1, hasMemory: true },
    { id: 2, hasMemory: false },
  ],
  largestBlock: 4n * M,
}

const request: CopyRequest = {
  source: 'a',
  target: 'b',
  force: false,
  preserve: false,
  verify: false,
  dryRun: false,
}

const source: SourceFacts = {
  path: '/a',
  bytes: 3n * M,
  held: 3n * M,
  ranges: [{ from: 0n, to: 3n * M }],
}
const target: TargetFacts = { path: '/huge/b', pageSize: 2n * M, exists: false }
const onDisk: TargetFacts = { path: '/b', exists: false }

const plan = (
  from: Partial<SourceFacts> = {},
  to: TargetFacts = target,
  rest: Partial<CopyRequest> = {},
) => planCopy(machine, { ...request, ...rest }, { ...source, ...from }, to)

/** The code and words of the error that a plan is refused with. */
const refusal = (...words: Parameters<typeof plan>) => {
  try {
    plan(...words)
  } catch (error) {
    if (error instanceof HugepoolError) return `${error.code} ${error.reason}: ${error.message}`
  }
  return undefined
}

t.test('onto hugetlbfs a file has whole pages', async (t) => {
  t.strictSame(plan(), {
    source: '/a',
    target: '/huge/b',
    bytes: 3n * M,
    onto: true,
    pageSize: 2n * M,
    skipsZeros: false,
    ranges: [{ from: 0n, to: 3n * M }],
    length: 4n * M,
    reserved: [{ from: 0n, to: 4n * M }],
    pages: 2n,
    steps: ['create', 'reserve', 'copy', 'name'],
  })
  const holes = plan({ bytes: 9n * M, ranges: [{ from: 5n * M, to: 7n * M }] })
  t.strictSame(
    [holes.length, holes.pages, holes.reserved],
    [10n * M, 2n, [{ from: 4n * M, to: 8n * M }]],
  )
  const empty = plan({ bytes: 0n, held: 0n, ranges: [] })
  t.strictSame([empty.length, empty.pages, empty.steps], [0n, 0n, ['create', 'copy', 'name']])
})

t.test('a source on hugetlbfs does not show its holes', async (t) => {
  const { ranges, ...hidden } = { ...source, pageSize: 2n * M, bytes: 8n * M }
  t.ok(ranges)
  const sparse = planCopy(machine, request, { ...hidden, held: 4n * M }, target)
  t.strictSame(
    [sparse.skipsZeros, sparse.pages, sparse.reserved, sparse.length],
    [true, undefined, undefined, 8n * M],
  )
  const full = planCopy(machine, request, { ...hidden, held: 8n * M }, target)
  t.strictSame([full.skipsZeros, full.pages], [false, 4n])
  const back = planCopy(machine, request, { ...hidden, held: 4n * M }, onDisk)
  t.strictSame([back.onto, back.skipsZeros, back.pages, back.length], [false, true, 2n, 8n * M])
  const printed = planCopy(
    machine,
    { ...request, target: '-' },
    { ...hidden, held: 4n * M },
    { path: '-', exists: false },
  )
  t.strictSame([printed.skipsZeros, printed.steps], [false, ['copy']])
})

t.test('of a stream nothing is known', async (t) => {
  const stream = planCopy(machine, { ...request, source: '-' }, { path: '-' }, target)
  t.strictSame(stream, {
    source: '-',
    target: '/huge/b',
    onto: true,
    pageSize: 2n * M,
    skipsZeros: false,
    steps: ['create', 'copy', 'name'],
  })
})

t.test('what was asked for is among the steps', async (t) => {
  const asked = plan({}, { ...target, exists: true }, { verify: true, preserve: true, force: true })
  t.strictSame(asked.steps, ['create', 'reserve', 'copy', 'verify', 'preserve', 'replace'])
  t.strictSame(plan({}, target, { nodes: [1] }).policy, { mode: 'bind', nodes: [1] })
  t.strictSame(plan({}, target, { nodes: 'all' }).policy, { mode: 'bind', nodes: [0, 1] })
})

t.test('what is refused', async (t) => {
  t.equal(refusal({}, onDisk), 'E_USAGE other-type: neither a nor b is on hugetlbfs')
  t.equal(
    refusal({}, { path: '-', exists: false }, { target: '-' }),
    'E_USAGE other-type: neither a nor standard output is on hugetlbfs',
  )
  t.equal(refusal({}, { ...target, exists: true }), 'E_REFUSED exists: /huge/b: is there already')
  t.equal(
    refusal({ pageSize: 2n * M }, onDisk, { nodes: [0] }),
    'E_USAGE wrong-words: --node places pages, and the target is not on hugetlbfs',
  )
  t.equal(refusal({}, target, { nodes: [3] }), 'E_UNSUPPORTED no-node: there is no node 3 here')
  t.equal(refusal({}, target, { nodes: [2] }), 'E_UNSUPPORTED no-node: node 2 has no memory')
  t.equal(
    refusal({}, { ...target, pageSize: G }, { nodes: [1] }),
    'E_UNSUPPORTED no-node: node 1 has no pool of 1G pages',
  )
})

t.test('rounding is said where there is any', async (t) => {
  const words = (bytes: bigint, to = target) => roundingWords(plan({}, to), bytes, '2M')
  t.strictSame(words(2n * M - 1n), [
    '/huge/b: rounded up to whole pages of 2M: 1 zero byte at the end that the source does not have',
  ])
  t.strictSame(words(2n * M), [])
  const back = planCopy(machine, request, { ...source, pageSize: 2n * M }, onDisk)
  t.strictSame(roundingWords(back, 1n, '2M'), [])
})
