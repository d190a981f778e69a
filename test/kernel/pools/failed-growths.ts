import t from 'tap'
import { readFailedGrowths } from '../../../src/kernel/pools/failed-growths.ts'
import { writerStage } from '../../helpers/writer-stage.ts'

t.test('the line of vmstat, and of no other name', async (t) => {
  const failures = (files: Readonly<Record<string, string>>) =>
    readFailedGrowths(writerStage(t, files).tree)
  const line = 'htlb_buddy_alloc_success 9\nhtlb_buddy_alloc_fail 12\nnr_hugetlb 3\n'
  t.equal(failures({ '/proc/vmstat': line }), 12n)
  t.equal(failures({ '/proc/vmstat': 'xhtlb_buddy_alloc_fail 12\n' }), undefined)
  t.equal(failures({}), undefined)
})
