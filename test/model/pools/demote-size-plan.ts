import t from 'tap'
import {
  checkSmaller,
  demoteSizeText,
  planDemoteSize,
  splitSizeOf,
} from '../../../src/model/pools/demote-size-plan.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const small = poolOf(M / 16n)
const middle = poolOf(2n * M)
const contiguous = poolOf(32n * M, { demoteSize: 2n * M })
const large = poolOf(G, { demoteSize: 2n * M })
const machine = { pools: [small, middle, contiguous, large] }

t.test('the plan has what there is, what is asked for, and where', async (t) => {
  const step = planDemoteSize(machine, G, 32n * M)
  t.strictSame(step, {
    size: G,
    path: '/sys/kernel/mm/hugepages/hugepages-1048576kB/demote_size',
    before: 2n * M,
    requested: 32n * M,
  })
  t.equal(demoteSizeText(step), '32768kB')
})

t.test('what cannot be split, or not into that', async (t) => {
  t.throws(() => planDemoteSize(machine, M / 16n, M / 32n), {
    code: 'E_UNSUPPORTED',
    reason: 'no-feature',
    message: '64K pages cannot be split here',
  })
  t.throws(() => planDemoteSize(machine, G, 16n * M), { code: 'E_UNSUPPORTED', reason: 'no-size' })
  t.throws(() => planDemoteSize(machine, 16n * M, 2n * M), {
    code: 'E_UNSUPPORTED',
    reason: 'no-size',
  })
  t.throws(() => planDemoteSize(machine, 32n * M, 32n * M), {
    code: 'E_USAGE',
    message: '32M pages cannot be split into 32M pages',
  })
  t.throws(() => checkSmaller(machine, 2n * M, G), { code: 'E_USAGE' })
  t.throws(() => splitSizeOf({ ...large, onlyInProc: true }), {
    code: 'E_UNSUPPORTED',
    reason: 'not-shown',
  })
})

t.test('nothing is split into less than HUGETLB_PAGE_SIZE, as on arm64', async (t) => {
  for (const size of [32n * M, G])
    t.throws(() => planDemoteSize(machine, size, M / 16n), {
      code: 'E_UNSUPPORTED',
      reason: 'no-feature',
      message: /^(32M|1G) pages cannot be split into 64K pages here$/,
      hint: 'the smallest that they are split into is 2M',
    })
  t.equal(planDemoteSize(machine, G, 2n * M).requested, 2n * M)
  t.equal(planDemoteSize(machine, 32n * M, 2n * M).requested, 2n * M)
  // A kernel that cannot free gigantic pages has no files of demote for them: they are no part of others.
  const fixed = { pools: [small, middle, contiguous, poolOf(G)] }
  t.equal(planDemoteSize(fixed, 32n * M, 2n * M).requested, 2n * M)
  const hidden = { pools: [small, { ...middle, onlyInProc: true as const }, contiguous] }
  t.equal(planDemoteSize(hidden, 32n * M, 2n * M).requested, 2n * M)
})
