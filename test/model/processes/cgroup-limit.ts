import t from 'tap'
import {
  allTooSmall,
  bytesLeft,
  limitCommand,
  limitWords,
  noLimits,
  raise,
  raiseByOne,
} from '../../../src/model/processes/cgroup-limit.ts'
import { cgroupLimit } from '../../helpers/fault-facts.ts'
import { M } from '../../helpers/sizes.ts'

t.test('all limits that leave too little, from the own group upwards', async (t) => {
  const own = cgroupLimit({ group: '/jobs/one', max: 8n * M, current: 2n * M })
  const above = cgroupLimit({ max: 8n * M, current: 5n * M })
  t.strictSame(allTooSmall([own, above], 3n * M), [], 'just enough')
  t.strictSame(allTooSmall([own, above], 4n * M), [above])
  t.strictSame(allTooSmall([own, above], 7n * M), [own, above])
  const lowered = cgroupLimit({ max: 0n, current: 5n * M })
  t.strictSame(
    allTooSmall([lowered], 1n),
    [lowered],
    'a limit that was lowered below what is there',
  )
})

t.test('what a limit leaves', async (t) => {
  const limit = cgroupLimit({ file: 'memory.max', max: 8n })
  t.equal(bytesLeft({ ...limit, current: 5n }), 3n)
  t.equal(bytesLeft({ ...limit, current: 8n }), 0n)
  t.equal(bytesLeft({ ...limit, current: 9n }), 0n)
})

t.test('where there are no limits nothing is too small', async (t) => {
  t.strictSame(noLimits, { pages: [], reserved: [], memory: [] })
  t.strictSame(allTooSmall(noLimits.pages, 2n ** 60n), [])
})

t.test('a limit in words', async (t) => {
  const limit = cgroupLimit({ current: 0n })
  t.equal(limitWords(limit), 'the cgroup /jobs allows 4M (hugetlb.2MB.max) and has 0')
})

t.test('the commands that raise a limit', async (t) => {
  const limit = cgroupLimit({ path: '/cg/jobs/hugetlb.2MB.max', current: 2n * M })
  t.equal(raise(limit, 3n * M), `'echo ${5n * M} > /cg/jobs/hugetlb.2MB.max' lets it have them`)
  t.equal(
    raiseByOne(limit, 2n * M),
    `'echo ${4n * M} > /cg/jobs/hugetlb.2MB.max' lets them have one more`,
  )
  t.equal(limitCommand('/cg/a', 4096n), "'echo 4096 > /cg/a'")
  t.equal(
    limitCommand('/cg/app-my\\x2dapp.slice/hugetlb.2MB.max', 4096n),
    `"echo 4096 > '/cg/app-my\\x2dapp.slice/hugetlb.2MB.max'"`,
    'a shell takes no backslash away',
  )
})
