import t from 'tap'
import type { CheckFinding, CheckResultWord } from '../../../src/model/doctor/check-finding.ts'
import { answerOf, type DoctorTrial, differs } from '../../../src/model/doctor/doctor-result.ts'

const foundTo = (...results: readonly CheckResultWord[]): readonly CheckFinding[] =>
  results.map((result) => ({ check: 'available', result }))

/** The answer to these checks and this trial, and whether the two differ. */
const told = (
  findings: readonly CheckFinding[],
  outcome?: DoctorTrial['outcome'],
  more: Partial<DoctorTrial> = {},
) => {
  const result = { findings, ...(outcome && { trial: { outcome, why: '', ...more } }) }
  return [answerOf(result), differs(result)]
}

t.test('without a trial the checks answer, and nothing differs', async (t) => {
  t.strictSame(told(foundTo('ok', 'warn')), ['yes', false])
  t.strictSame(told(foundTo('ok', 'fail')), ['no', false])
  t.strictSame(told(foundTo('ok', 'unknown')), ['unknown', false])
})

t.test('a trial answers yes only where all was done', async (t) => {
  t.strictSame(told(foundTo('ok'), 'done'), ['yes', false])
  t.strictSame(told(foundTo('ok'), 'partial'), ['no', true])
  t.strictSame(told(foundTo('ok'), 'failed'), ['no', true])
  t.strictSame(told(foundTo('ok'), 'refused'), ['no', true])
})

t.test('a trial differs from checks that said something else', async (t) => {
  t.strictSame(told(foundTo('fail'), 'done'), ['yes', true])
  t.strictSame(told(foundTo('fail'), 'refused'), ['no', false])
  t.strictSame(told(foundTo('unknown'), 'done'), ['yes', false])
  t.strictSame(told(foundTo('unknown'), 'failed'), ['no', false])
})

t.test('a trial without all of the subject contradicts nothing, and proves no yes', async (t) => {
  const partly = { without: ['cpuset'] }
  t.strictSame(told(foundTo('ok'), 'done', partly), ['yes', false])
  t.strictSame(told(foundTo('fail'), 'done', partly), ['no', false])
  t.strictSame(told(foundTo('unknown'), 'done', partly), ['unknown', false])
  t.strictSame(told(foundTo('ok'), 'failed', partly), ['unknown', false])
  t.strictSame(told(foundTo('ok'), 'refused', partly), ['unknown', false])
  t.strictSame(told(foundTo('fail'), 'refused', partly), ['no', false])
  t.strictSame(told(foundTo('unknown'), 'partial', partly), ['unknown', false])
})
