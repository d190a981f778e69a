import t from 'tap'
import { hugetlbfsAt, isLimited } from '../../../src/kernel/mounts/hugetlbfs-statfs.ts'

t.test('another file system is none', async (t) => {
  t.equal(hugetlbfsAt('/proc'), undefined)
  t.throws(() => hugetlbfsAt('/proc/none'), { code: 'ENOENT' })
})

t.test('no limit has two forms', async (t) => {
  t.notOk(isLimited({ blocks: 0n }))
  t.notOk(isLimited({ blocks: -1n }), 'as Node gives the largest number')
  t.notOk(isLimited({ blocks: 2n ** 64n - 1n }))
  t.ok(isLimited({ blocks: 1n }))
})
