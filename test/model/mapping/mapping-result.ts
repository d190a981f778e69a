import t from 'tap'
import { testOutcome } from '../../../src/model/mapping/mapping-result.ts'
import { planOf } from '../../helpers/mapping-plan.ts'

t.test('what was touched of what was to be touched makes the outcome', async (t) => {
  const plan = planOf('2M=4')
  t.equal(testOutcome(4n, plan, false), 'done')
  t.equal(testOutcome(3n, plan, false), 'partial', 'stopped by a signal')
  t.equal(
    testOutcome(0n, planOf('2M=4', { touch: 0n }), false),
    'done',
    'nothing was to be touched',
  )
})

t.test('a failure leaves what was touched before it', async (t) => {
  const plan = planOf('2M=4')
  t.equal(testOutcome(1n, plan, true), 'partial')
  t.equal(testOutcome(4n, plan, true), 'partial', 'a page failed when it was read back')
  t.equal(testOutcome(0n, plan, true), 'failed')
})
