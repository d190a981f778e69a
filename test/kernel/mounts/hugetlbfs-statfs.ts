import t from 'tap'
import {
  hugetlbfsAt,
  hugetlbfsBehind,
  isLimited,
} from '../../../src/kernel/mounts/hugetlbfs-statfs.ts'

t.test('another file system is none', async (t) => {
  t.equal(hugetlbfsAt('/proc'), undefined)
  t.throws(() => hugetlbfsAt('/proc/none'), { code: 'ENOENT' })
})

t.test('an open file, and one to which nothing leads without /proc', async (t) => {
  t.equal(hugetlbfsBehind(0), undefined)
  t.throws(() => hugetlbfsBehind(999_999), {
    code: 'E_UNSUPPORTED',
    reason: 'not-shown',
    message: '/proc/self/fd/999999: is missing',
    hint: "'mount -t proc proc /proc' shows it",
  })
})

t.test('no limit has two forms', async (t) => {
  t.notOk(isLimited({ blocks: 0n }))
  t.notOk(isLimited({ blocks: -1n }), 'as Node gives the largest number')
  t.notOk(isLimited({ blocks: 2n ** 64n - 1n }))
  t.ok(isLimited({ blocks: 1n }))
})
