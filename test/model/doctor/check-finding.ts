import t from 'tap'
import { predictionOf } from '../../../src/model/doctor/check-finding.ts'

const found = (...results: readonly ('ok' | 'warn' | 'fail' | 'unknown')[]) =>
  predictionOf(results.map((result) => ({ result })))

t.test('a failure says no, whatever else is unknown', async (t) => {
  t.equal(found(), 'yes')
  t.equal(found('ok', 'warn'), 'yes')
  t.equal(found('ok', 'unknown', 'warn'), 'unknown')
  t.equal(found('unknown', 'fail', 'ok'), 'no')
})
