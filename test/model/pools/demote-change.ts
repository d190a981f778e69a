import t from 'tap'
import { demoteChange, demoteWords, untriedWords } from '../../../src/model/pools/demote-change.ts'
import { machineOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const on = (...totals: readonly bigint[]) =>
  totals.map((total, node) => ({ node, total, free: 0n, surplus: 0n }))
const sum = (...pages: readonly bigint[]) => pages.reduce((all, one) => all + one, 0n)

/** Pages of 1G and of 2M on each of two nodes. */
const seen = (large: readonly [bigint, bigint], small: readonly [bigint, bigint]) =>
  machineOf(
    [
      poolOf(2n * M, { total: sum(...small), nodes: on(...small) }),
      poolOf(G, { total: sum(...large), nodes: on(...large) }),
    ],
    [],
  )

const task = { size: G, to: 2n * M }
const before = seen([2n, 1n], [10n, 0n])
const after = seen([1n, 1n], [522n, 0n])

t.test('both pools are counted before and after', async (t) => {
  t.strictSame(demoteChange(before, after, task, { requested: 1n }), {
    size: G,
    to: 2n * M,
    requested: 1n,
    demoted: 1n,
    before: 3n,
    after: 2n,
    gained: 512n,
    outcome: 'done',
  })
})

t.test('on a node its own counters count', async (t) => {
  t.hasStrict(demoteChange(before, after, task, { node: 0, requested: 1n }), {
    node: 0,
    before: 2n,
    after: 1n,
    demoted: 1n,
    gained: 512n,
    outcome: 'done',
  })
  t.hasStrict(demoteChange(before, after, task, { node: 1, requested: 1n }), {
    demoted: 0n,
    gained: 0n,
    outcome: 'partial',
  })
})

t.test('less than asked for is partial, and said', async (t) => {
  const change = demoteChange(before, after, task, { node: 0, requested: 2n })
  t.equal(change.outcome, 'partial')
  t.equal(
    demoteWords(change, { splittable: 2n }),
    '1G on node 0: asked to split 2, split 1: the other pages were taken or reserved meanwhile',
  )
  t.equal(demoteWords(change, { splittable: 1n }), undefined, 'said before')
  const whole = demoteChange(before, after, task, { requested: 1n })
  t.equal(demoteWords(whole, { splittable: 1n }), undefined)
  t.equal(untriedWords(change), '1G on node 0: splitting was not tried')
})

t.test('nothing asked for is unchanged', async (t) => {
  t.equal(demoteChange(before, before, task, { requested: 0n }).outcome, 'unchanged')
})

t.test('a pool that grew meanwhile has split nothing', async (t) => {
  t.hasStrict(demoteChange(after, before, task, { requested: 1n }), {
    demoted: 0n,
    outcome: 'partial',
  })
})
