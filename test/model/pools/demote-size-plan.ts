import t from 'tap'
import {
  checkSmaller,
  checkTaken,
  demoteSizeText,
  planDemoteSize,
  splitSizeOf,
} from '../../../src/model/pools/demote-size-plan.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const small = poolOf(M / 16n)
const middle = poolOf(2n * M, { demoteSize: M / 16n })
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
  t.throws(() => checkSmaller(2n * M, G), { code: 'E_USAGE' })
  t.throws(() => splitSizeOf({ ...large, onlyInProc: true }), {
    code: 'E_UNSUPPORTED',
    reason: 'not-shown',
  })
})

t.test('a part below HPAGE_SIZE is not taken, unless it is the one that is there', async (t) => {
  for (const pool of [contiguous, large])
    t.throws(() => checkTaken(machine, pool, M / 16n), {
      code: 'E_UNSUPPORTED',
      reason: 'no-feature',
      message: `${pool === large ? '1G' : '32M'} pages cannot be split into 64K pages at once`,
      hint: 'the kernel goes no further than 2M at once; those pages are split in turn',
    })
  t.doesNotThrow(() => checkTaken(machine, large, 2n * M))
  t.doesNotThrow(() => checkTaken(machine, middle, M / 16n))
  // Of sizes that no known kernel has, the kernel itself tells.
  t.doesNotThrow(() => checkTaken({ pools: [poolOf(M / 8n), contiguous, large] }, large, M / 8n))
})
