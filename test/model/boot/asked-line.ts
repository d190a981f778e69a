import t from 'tap'
import { allAsked } from '../../../src/model/boot/asked-line.ts'
import {
  refusalOf,
  requestOf,
  roomyMachine,
  type TypedLine,
  targetOf,
} from '../../helpers/generated.ts'
import { G, M } from '../../helpers/sizes.ts'

const asked = (words: string, typed: TypedLine = {}, target = targetOf('6.18')) =>
  allAsked(target, requestOf(words, typed))
const refused = (...of: Parameters<typeof asked>) => refusalOf(() => asked(...of))

t.test('only what is asked has a key', async (t) => {
  t.strictSame(asked(''), { pages: [] })
  t.strictSame(asked('2M=4', { default: '1G', hvo: false, cma: '1G=2' }), {
    defaultSize: G,
    pages: [{ size: 2n * M, count: 4n }],
    areas: { text: '1G=2', total: 2n * G },
    freeVmemmap: false,
  })
})

t.test('the default is a size of the processor', async (t) => {
  t.equal(
    refused('2M=4', { default: '16M' }),
    'E_UNSUPPORTED no-size: there are no 16M pages here | this machine has 2M, 1G',
  )
})

t.test('page structs are freed from 5.14 on, and never before', async (t) => {
  t.strictSame(asked('', { hvo: true }, targetOf('5.14')), { pages: [], freeVmemmap: true })
  t.equal(
    refused('', { hvo: true }, targetOf('5.13')),
    'E_UNSUPPORTED no-feature: Linux 5.13 has no hugetlb_free_vmemmap: 5.14 is the first that does',
  )
  t.strictSame(asked('', { hvo: false }, targetOf('5.13')), { pages: [] })
  const without = targetOf('6.18', { ...roomyMachine, hasFreeVmemmap: false })
  t.equal(
    refused('', { hvo: true }, without),
    'E_UNSUPPORTED no-feature: this kernel has no hugetlb_free_vmemmap: on this architecture none frees the page structs of huge pages',
  )
  t.strictSame(asked('', { hvo: false }, without), { pages: [] })
})

t.test('areas of CMA keep gigantic pages from being allocated', async (t) => {
  t.equal(
    refused('1G=1 2M=3', { cma: '1G=4' }),
    "E_USAGE wrong-words: pages of 1G and '1G=4' do not go together: a kernel with hugetlb_cma allocates no gigantic pages when it starts | leave the pages off the line: 'hugepool apply' and 'hugepool resize' take them from the area of CMA",
  )
  t.equal(asked('1G=1', { cma: '1G=0' }).pages.length, 1)
  const block = targetOf('6.18', { ...roomyMachine, largestBlock: 2n * M })
  t.equal(asked('2M=1', { cma: '1G=1' }, block).pages.length, 1)
})

t.test('no more words than an early table keeps', async (t) => {
  const machine = { ...roomyMachine, sizes: [...roomyMachine.sizes, 64n * 1024n] }
  const all = '1G=1 2M=4 64K=8'
  t.equal(
    refused(all, {}, targetOf('6.15', machine)),
    "E_UNSUPPORTED no-feature: this takes 6 words of pages, and Linux 6.15 drops what comes after 5 of them | fewer page sizes take fewer words; 'hugepool apply' provides the other pools",
  )
  t.equal(asked(all, {}, targetOf('6.12', machine)).pages.length, 3)
  t.equal(asked('1G=1 2M=4', { default: '1G' }, targetOf('6.15', machine)).pages.length, 2)
  const fewer = targetOf('6.15', { ...machine, wordsKept: 4 })
  t.match(refused('1G=1 2M=4', { default: '1G' }, fewer), /this takes 5 words of pages/)
})
