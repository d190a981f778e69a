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
const middle = poolOf(2n * M, { demoteSize: M / 16n })
const large = poolOf(G, { demoteSize: 2n * M })
const machine = { pools: [small, middle, large] }

t.test('the plan has what there is, what is asked for, and where', async (t) => {
  const step = planDemoteSize(machine, G, M / 16n)
  t.strictSame(step, {
    size: G,
    path: '/sys/kernel/mm/hugepages/hugepages-1048576kB/demote_size',
    before: 2n * M,
    requested: M / 16n,
  })
  t.equal(demoteSizeText(step), '64kB')
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
  t.throws(() => planDemoteSize(machine, 2n * M, 2n * M), {
    code: 'E_USAGE',
    message: '2M pages cannot be split into 2M pages',
  })
  t.throws(() => checkSmaller(2n * M, G), { code: 'E_USAGE' })
  t.throws(() => splitSizeOf({ ...large, onlyInProc: true }), {
    code: 'E_UNSUPPORTED',
    reason: 'not-shown',
  })
})
