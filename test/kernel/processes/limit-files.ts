import t from 'tap'
import { limitFiles } from '../../../src/kernel/processes/limit-files.ts'

const names = (size: bigint): readonly string[] => {
  const { second, first } = limitFiles(size)
  return [second.pages, second.reserved, first.pages, first.reserved].flat()
}

t.test('the files of both versions, with the size as the kernel writes it', async (t) => {
  t.strictSame(names(2n ** 21n), [
    'hugetlb.2MB.max',
    'hugetlb.2MB.current',
    'hugetlb.2MB.rsvd.max',
    'hugetlb.2MB.rsvd.current',
    'hugetlb.2MB.limit_in_bytes',
    'hugetlb.2MB.usage_in_bytes',
    'hugetlb.2MB.rsvd.limit_in_bytes',
    'hugetlb.2MB.rsvd.usage_in_bytes',
  ])
  const sizes = { 65536: '64KB', [2 ** 20]: '1MB', [2 ** 29]: '512MB', [2 ** 30]: '1GB' }
  for (const [bytes, name] of Object.entries(sizes))
    t.equal(names(BigInt(bytes))[0], `hugetlb.${name}.max`)
  t.equal(names(2n ** 34n)[0], 'hugetlb.16GB.max')
})
