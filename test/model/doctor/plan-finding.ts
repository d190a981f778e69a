import t from 'tap'
import { refused, unsupported, usage } from '../../../src/errors.ts'
import { planFinding } from '../../../src/model/doctor/plan-finding.ts'

t.test('what the machine lacks is a check that fails', async (t) => {
  t.strictSame(planFinding(unsupported('no-size', 'none', 'a\nb')), {
    check: 'page-size',
    result: 'fail',
    why: 'none',
    hints: ['a', 'b'],
  })
  const checkOf = (error: Parameters<typeof planFinding>[0]) => planFinding(error)?.check
  t.equal(checkOf(usage('half a page', undefined, 'not-whole')), 'alignment')
  t.equal(checkOf(unsupported('no-node', 'no node')), 'policy')
  t.equal(checkOf(refused('short', 'nothing')), 'available')
  t.strictSame(planFinding(refused('short', 'nothing'))?.hints, [])
})

t.test('wrong words are none', async (t) => {
  t.equal(planFinding(usage('what')), undefined)
})
