import t from 'tap'
import { bootMachine, fates, predicted } from '../../helpers/predicted.ts'
import { G } from '../../helpers/sizes.ts'

const cma = { ...bootMachine, hasCma: true }

t.test('a shortage lowers what is wanted', async (t) => {
  t.strictSame(predicted('hugepagesz=1G hugepages=9', '6.18'), {
    pools: '1G:4(2,2)',
    kept: 0n,
    boots: true,
    messages: ['HugeTLB: allocating 9 of page size 1.00 GiB failed.  Only allocated 4 hugepages.'],
  })
  t.strictSame(predicted('default_hugepagesz=1G hugepages=0:1,1:5', '6.18'), {
    pools: '1G:3(1,2) def1G',
    kept: 3n,
    boots: true,
    messages: [
      'HugeTLB: allocating 5 of page size 1.00 GiB failed node1.  Only allocated 2 hugepages.',
    ],
  })
  t.strictSame(
    fates('hugepagesz=1G hugepages=9', '6.18')[1],
    [
      'hugepages=9',
      'short',
      'HugeTLB: allocating 9 of page size 1.00 GiB failed.  Only allocated 4 hugepages.',
    ].join(' | '),
  )
  t.equal(predicted('default_hugepagesz=1G hugepages=9').kept, 4n)
})

t.test('before 6.15 a node that is full takes gigantic pages of others', async (t) => {
  t.equal(predicted('hugepagesz=1G hugepages=0:3', '6.12').pools, '1G:3(2,1)')
  t.equal(predicted('hugepagesz=1G hugepages=0:3', '6.15').pools, '1G:2(2,0)')
  t.equal(predicted('hugepages=0:3000', '6.12').pools, '2M:2048(2048,0)', 'no other ones')
})

t.test('a count without nodes is cut into pieces', async (t) => {
  t.equal(predicted('hugepages=7', '6.7').pools, '2M:7(4,3)')
  t.equal(predicted('hugepages=7', '6.8').pools, '2M:7(7,0)')
  t.equal(predicted('hugepages=12', '6.12').pools, '2M:12(8,4)')
  t.equal(predicted('hugepages=7', '6.18').pools, '2M:7(4,3)')
  t.equal(predicted('hugepages=7', '6.18', { ...bootMachine, cpus: 8 }).pools, '2M:7(5,2)')
  t.equal(predicted('hugepage_alloc_threads=2 hugepages=7', '6.18').pools, '2M:7(5,2)')
  const three = [0, 1, 2].map((node) => ({ node, memory: 4n * G }))
  const gap = three.map((one) => (one.node === 1 ? { ...one, memory: 0n } : one))
  t.equal(predicted('hugepages=13', '6.12', { ...bootMachine, nodes: gap }).pools, '2M:13(9,0,4)')
  t.equal(predicted('hugepages=13', '6.12', { ...bootMachine, nodes: three }).pools, '2M:13(7,6,0)')
})

t.test('areas of CMA keep gigantic pages from being had, and no others', async (t) => {
  const skipped = 'HugeTLB: hugetlb_cma is enabled, skip boot time allocation'
  const line = 'hugetlb_cma=2G hugepagesz=1G hugepages=1 hugepagesz=2M hugepages=8'
  const told = predicted(line, '7.3', cma)
  t.equal(told.pools, '2M:8(4,4)')
  t.equal(told.messages.at(-1), skipped)
  t.equal(fates(line, '7.3', cma)[2], `hugepages=1 | ignored | ${skipped}`)
  const only = `hugetlb_cma_only=1 ${line}`
  t.equal(predicted(only, '7.3', cma).pools, '2M:8(4,4) 1G:1(1,0)')
})

t.test('that it is skipped is said of every gigantic size that is named', async (t) => {
  const told = (line: string) => predicted(line, '7.3', cma).messages.at(-1)
  t.match(told('hugetlb_cma=2G hugepagesz=1G'), /skip boot time allocation$/)
  t.match(told('hugetlb_cma=2G hugepagesz=2M hugepages=1'), /reserved 1024 MiB on node 1$/)
})

t.test('that it is skipped is said once', async (t) => {
  const sizes = [...cma.sizes, 2n * G]
  const line = 'hugetlb_cma=2G hugepagesz=1G hugepages=1 hugepagesz=2G hugepages=1'
  const { messages } = predicted(line, '7.3', { ...cma, sizes })
  t.equal(messages.filter((message) => message.includes('skip boot')).length, 1)
})
