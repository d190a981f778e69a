import t from 'tap'
import { bootMachine, fates, predicted } from '../../helpers/predicted.ts'

const unknown = (words: string) =>
  `Unknown kernel command line parameters "${words}", will be passed to user space.`

t.test('words that a kernel does not know go to init', async (t) => {
  t.strictSame(predicted('HUGEPAGES=5').messages, [unknown('HUGEPAGES=5')])
  t.strictSame(fates('hugepages= 5'), ['hugepages= | used', `5 | ignored | ${unknown('5')}`])
  t.strictSame(fates('HUGEPAGES=5', '5.10'), [
    'HUGEPAGES=5 | ignored | this kernel does not know it, and init gets it',
  ])
  t.strictSame(predicted('HUGEPAGES=5', '5.10').messages, [])
  t.strictSame(predicted('hugetlb_cma=1G HUGEPAGES=5 hugepages hugetlb_cma=2G').messages, [
    unknown('hugepages hugetlb_cma=2G HUGEPAGES=5'),
  ])
})

t.test('what each kernel knows', async (t) => {
  const cma = { ...bootMachine, hasCma: true }
  const isUnknown = (word: string, series: string, machine = bootMachine) =>
    predicted(word, series, machine).messages.some((message) => message.startsWith('Unknown'))
  for (const [word, series, expected] of [
    ['hugepages', '6.14', true],
    ['hugepages', '7.0', false],
    ['hugetlb_cma=0', '7.3', true],
    ['hugetlb_cma_only=1', '7.3', true],
    ['hugetlb_free_vmemmap=on', '6.1', false],
    ['hugepage_alloc_threads=2', '6.14', true],
    ['hugepage_alloc_threads=2', '6.15', false],
    ['hugepage_alloc_threads', '6.15', true],
    ['transparent_hugepage=never', '6.1', false],
    ['hugetlb_shm=1', '6.1', false],
  ] as const)
    t.equal(isUnknown(word, series), expected, `${word} on ${series}`)
  t.equal(isUnknown('hugetlb_cma=0', '7.3', cma), false)
  t.equal(isUnknown('hugetlb_cma_only=1', '6.14', cma), true)
  t.equal(isUnknown('hugetlb_cma_only=1', '6.15', cma), false)
  const without = { ...bootMachine, hasFreeVmemmap: false }
  for (const series of ['5.15', '6.1', '6.12', '6.18', '7.3'])
    for (const word of ['hugetlb_free_vmemmap', 'hugetlb_free_vmemmap=bogus'])
      t.strictSame(predicted(word, series, without).messages, [unknown(word)], series)
  t.strictSame(fates('hugetlb_free_vmemmap=on', '5.13'), [
    'hugetlb_free_vmemmap=on | ignored | this kernel does not know it, and init gets it',
  ])
})

t.test(
  'a value that is neither yes nor no, where the word is a parameter of the core',
  async (t) => {
    const message = "Booting kernel: `bogus' invalid for parameter `hugetlb_free_vmemmap'"
    t.strictSame(fates('hugetlb_free_vmemmap=bogus', '6.1'), [
      `hugetlb_free_vmemmap=bogus | ignored | ${message}`,
    ])
    t.strictSame(fates('hugetlb_free_vmemmap=y', '6.1'), ['hugetlb_free_vmemmap=y | used'])
  },
)

t.test('threads', async (t) => {
  const pools = (word: string, series = '6.18') => predicted(`${word} hugepages=7`, series).pools
  t.equal(pools('hugepage_alloc_threads=2'), '2M:7(5,2)')
  for (const value of ['0', 'x', ''])
    t.equal(pools(`hugepage_alloc_threads=${value}`), '2M:7(4,3)', value)
  t.equal(pools('hugepage_alloc_threads=2', '6.12'), '2M:7(7,0)')
})

t.test('all behind -- is for init', async (t) => {
  t.strictSame(fates('hugepages=4 -- hugepages=8 quiet'), [
    'hugepages=4 | used',
    'hugepages=8 | ignored | it stands behind --',
  ])
})
