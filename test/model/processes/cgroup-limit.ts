import t from 'tap'
import { limitWords, noLimits, raise, tooSmall } from '../../../src/model/processes/cgroup-limit.ts'
import { cgroupLimit } from '../../helpers/fault-facts.ts'
import { M } from '../../helpers/sizes.ts'

t.test('the first limit that leaves too little, from the own group upwards', async (t) => {
  const own = cgroupLimit({ group: '/jobs/one', max: 8n * M, current: 2n * M })
  const above = cgroupLimit({ max: 8n * M, current: 5n * M })
  t.equal(tooSmall([own, above], 3n * M), undefined, 'just enough')
  t.equal(tooSmall([own, above], 4n * M), above)
  t.equal(tooSmall([own, above], 7n * M), own)
  const lowered = cgroupLimit({ max: 0n, current: 5n * M })
  t.equal(tooSmall([lowered], 1n), lowered, 'a limit that was lowered below what is there')
})

t.test('where there are no limits nothing is too small', async (t) => {
  t.strictSame(noLimits, { pages: [], reserved: [], memory: [] })
  t.equal(tooSmall(noLimits.pages, 2n ** 60n), undefined)
})

t.test('a limit in words', async (t) => {
  const limit = cgroupLimit({ current: 0n })
  t.equal(limitWords(limit), 'the cgroup /jobs allows 4M (hugetlb.2MB.max) and has 0')
  t.equal(raise(limit), 'raise hugetlb.2MB.max of /jobs, or run in another cgroup')
})
