import t from 'tap'
import { HugepoolError, refused, unsupported, usage } from '../../../src/errors.ts'
import { planFinding } from '../../../src/model/doctor/plan-finding.ts'

t.test('what the machine lacks is a check that fails', async (t) => {
  t.strictSame(planFinding(unsupported('no-size', 'none', 'a\nb')), {
    check: 'page-size',
    result: 'fail',
    why: 'none',
    hints: ['a', 'b'],
  })
  const unknown = new HugepoolError('E_UNSUPPORTED', 'no-size', 'none', 'a', undefined, {
    pageSize: 2n ** 30n,
  })
  t.strictSame(planFinding(unknown)?.hints, [
    'a',
    "'hugepool boot 1G=COUNT' says whether a start can bring them",
  ])
  const checkOf = (error: Parameters<typeof planFinding>[0]) => planFinding(error)?.check
  t.equal(checkOf(usage('half a page', undefined, 'not-whole')), 'alignment')
  t.equal(checkOf(unsupported('no-node', 'no node')), 'policy')
  t.equal(checkOf(refused('short', 'nothing')), 'available')
  t.strictSame(planFinding(refused('short', 'nothing', 'a'))?.hints, ['a'])
  t.strictSame(planFinding(unsupported('no-node', 'no node'))?.hints, [
    "'hugepool list --per-node' shows what there is",
  ])
})

t.test('wrong words are none', async (t) => {
  t.equal(planFinding(usage('what')), undefined)
})
