import t from 'tap'
import { bootMachine, fates, predicted } from '../../helpers/predicted.ts'

const cma = { ...bootMachine, hasCma: true }
const malformed = (name: string) => `Malformed early option '${name}'`

t.test('a table keeps as many words as it has room for', async (t) => {
  const line = 'hugepagesz=64K hugepages=1 hugepagesz=2M hugepages=16 hugepagesz=1G hugepages=1'
  t.equal(predicted(line, '6.12').pools, '2M:16(8,8) 1G:1(1,0)')
  t.equal(predicted(line, '6.18').pools, '2M:16(8,8)')
  t.equal(predicted(line, '6.18', { ...bootMachine, wordsKept: 6 }).pools, '2M:16(8,8) 1G:1(1,0)')
  t.equal(fates(line, '6.18').at(-1), `hugepages=1 | dropped | ${malformed('hugepages')}`)
  t.equal(predicted(line, '6.18').messages[0], malformed('hugepages'))
})

t.test('a word without a value', async (t) => {
  t.equal(predicted('hugepages', '6.12').boots, true)
  t.equal(predicted('hugepages', '6.18').boots, false)
  t.match(fates('hugepagesz', '6.19'), [/^hugepagesz \| no-boot \| the kernel ends at /])
  t.strictSame(fates('default_hugepagesz hugepages=8', '7.0'), [
    `default_hugepagesz | ignored | ${malformed('default_hugepagesz')}`,
    'hugepages=8 | used',
  ])
})

t.test('areas of CMA', async (t) => {
  t.equal(predicted('hugetlb_cma', '7.3', cma).boots, false)
  t.equal(predicted('hugetlb_cma', '7.3').boots, true, 'a kernel without CMA')
  t.equal(predicted('hugetlb_cma', '5.6', cma).boots, true, 'before there was the word')
  t.strictSame(predicted('hugetlb_cma=1G', '7.3', cma).messages, [
    'hugetlb_cma: reserve 1024 MiB, up to 1024 MiB per node',
    'hugetlb_cma: reserved 1024 MiB on node 0',
  ])
  t.strictSame(fates('hugetlb_cma_only', '7.3', cma), [
    `hugetlb_cma_only | ignored | ${malformed('hugetlb_cma_only')}`,
  ])
  t.strictSame(fates('hugetlb_cma_only=0', '7.3', cma), ['hugetlb_cma_only=0 | used'])
  t.equal(
    predicted('hugetlb_cma=1G hugetlb_cma_only=0 hugepagesz=1G hugepages=1', '7.3', cma).pools,
    '',
  )
})

t.test('page structs', async (t) => {
  const told = (value: string, series: string) => fates(`hugetlb_free_vmemmap${value}`, series)
  const ignored = (value: string) => [
    `hugetlb_free_vmemmap${value} | ignored | ${malformed('hugetlb_free_vmemmap')}`,
  ]
  t.strictSame(told('=on', '5.15'), ['hugetlb_free_vmemmap=on | used'])
  const without = { ...bootMachine, hasFreeVmemmap: false }
  for (const [word, series] of [
    ['hugetlb_free_vmemmap=1', '5.15'],
    ['hugetlb_free_vmemmap', '6.18'],
  ] as const)
    t.notOk(
      predicted(word, series, without).messages.includes(malformed('hugetlb_free_vmemmap')),
      'a kernel without the word',
    )
  t.strictSame(told('=off', '5.15'), ['hugetlb_free_vmemmap=off | used'])
  t.strictSame(told('=1', '5.15'), ignored('=1'))
  t.strictSame(told('', '5.15'), ignored(''))
  t.strictSame(told('', '6.12'), ['hugetlb_free_vmemmap | used'])
  t.strictSame(told('=1', '6.18'), ['hugetlb_free_vmemmap=1 | used'])
  t.strictSame(told('', '6.18'), ignored(''))
  t.strictSame(told('=enable', '6.18'), ignored('=enable'))
  t.strictSame(told('=enable', '7.0'), ['hugetlb_free_vmemmap=enable | used'])
})
