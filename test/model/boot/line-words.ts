import t from 'tap'
import { countOnLine, lineWords } from '../../../src/model/boot/line-words.ts'
import { G, M } from '../../helpers/sizes.ts'

const nodes = (...of: readonly (readonly [number, bigint])[]) => new Map(of)

t.test('the value that asks for pages', async (t) => {
  t.equal(countOnLine({ count: 4n }), '4')
  t.equal(countOnLine({ count: 3n, nodes: nodes([0, 2n], [5, 1n]) }), '0:2,5:1')
})

t.test('the default first, then each size with its count, then the rest', async (t) => {
  t.strictSame(lineWords({ pages: [] }), [])
  t.strictSame(
    lineWords({
      defaultSize: 2n * M,
      pages: [
        { size: G, count: 3n, nodes: nodes([0, 2n], [1, 1n]) },
        { size: 2n * M, count: 512n },
      ],
      areas: { text: '', total: 3n * G, nodes: nodes([0, G], [1, 2n * G]) },
      freeVmemmap: true,
    }),
    [
      'default_hugepagesz=2M',
      'hugepagesz=1G',
      'hugepages=0:2,1:1',
      'hugepagesz=2M',
      'hugepages=512',
      'hugetlb_cma=0:1G,1:2G',
      'hugetlb_free_vmemmap=on',
    ],
  )
  t.strictSame(lineWords({ pages: [], areas: { text: '', total: 5n * G }, freeVmemmap: false }), [
    'hugetlb_cma=5G',
    'hugetlb_free_vmemmap=off',
  ])
})
