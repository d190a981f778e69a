import t from 'tap'
import { type CgroupLimits, noLimits } from '../../../src/model/processes/cgroup-limit.ts'
import { tightLimitWords } from '../../../src/model/processes/tight-limits.ts'
import { cgroupLimit } from '../../helpers/fault-facts.ts'
import { M } from '../../helpers/sizes.ts'

const words = (available: bigint, limits: Partial<CgroupLimits>): readonly string[] =>
  tightLimitWords(2n * M, available, { ...noLimits, ...limits })

const own = cgroupLimit({ group: '/jobs/one', max: 8n * M, current: 2n * M })
const above = cgroupLimit({ max: 20n * M, current: 18n * M, file: 'hugetlb.2MB.rsvd.max' })

t.test('nothing is said where all that is available can be had', async (t) => {
  t.strictSame(words(100n, {}), [])
  t.strictSame(words(3n, { pages: [own] }), [], 'just enough')
  t.strictSame(words(0n, { pages: [cgroupLimit({ max: 0n, current: 0n })] }), [])
})

t.test('the tightest of the limits is named, whatever it limits', async (t) => {
  const ownWords = 'the cgroup /jobs/one allows 8M (hugetlb.2MB.max) and has 2M'
  t.strictSame(words(4n, { pages: [own] }), [
    `2M: ${ownWords}: 3 more pages can be had here, of 4 available`,
  ])
  const aboveWords = 'the cgroup /jobs allows 20M (hugetlb.2MB.rsvd.max) and has 18M'
  const one = [`2M: ${aboveWords}: 1 more page can be had here, of 4 available`]
  t.strictSame(words(4n, { pages: [own], reserved: [above] }), one)
  t.strictSame(words(4n, { pages: [above, own] }), one)
})

t.test('a limit that was lowered below what is there leaves none', async (t) => {
  const lowered = cgroupLimit({ max: 2n * M, current: 4n * M })
  t.strictSame(words(1n, { pages: [lowered] }), [
    '2M: the cgroup /jobs allows 2M (hugetlb.2MB.max) and has 4M: 0 more pages can be had here, of 1 available',
  ])
})

t.test('other memory can be reclaimed: its limit leaves all of itself', async (t) => {
  const memory = cgroupLimit({ max: 8n * M, current: 8n * M, file: 'memory.max' })
  t.strictSame(words(4n, { memory: [memory] }), [])
  t.strictSame(words(5n, { memory: [memory] }), [
    '2M: the cgroup /jobs allows 8M (memory.max) and has 8M: 4 more pages can be had here, of 5 available',
  ])
})
