import t from 'tap'
import { parseSeries } from '../../../src/model/boot/kernel-series.ts'
import { lineFaults } from '../../../src/model/boot/line-faults.ts'
import { otherMeanings } from '../../../src/model/boot/other-series.ts'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import { present } from '../../../src/model/words/present.ts'
import { bootDocument } from '../../../src/output/boot/boot-document.ts'
import { bootMachine } from '../../helpers/predicted.ts'
import { G, M } from '../../helpers/sizes.ts'

const series = parseSeries('7.3') ?? [0, 0]
const machine = { ...bootMachine, hasCma: true }

t.test('all that can be told', async (t) => {
  const line = 'hugepages=0:2x hugetlb_cma=1:1G'
  const prediction = predictBoot(line, series, machine)
  const words = {
    ...{ word: 'hugepages=0:2x', place: 1, means: 'pages of the default size: 2 on node 0' },
    ...{ result: 'used', why: "'x' is not read" },
  }
  const pools = (two: bigint) => [
    {
      ...{ pageSize: 2n * M, total: two },
      nodes: [
        { node: 0, total: two },
        { node: 1, total: 0n },
      ],
    },
    {
      ...{ pageSize: G, total: 0n },
      nodes: [
        { node: 0, total: 0n },
        { node: 1, total: 0n },
      ],
    },
  ]
  const document = bootDocument({
    ...{ line, series, prediction },
    faults: lineFaults(prediction.words, machine),
    others: otherMeanings(line, series, machine).slice(0, 1),
    found: { pools: prediction.pools, defaultSize: G },
  })
  t.strictSame(
    { ...document, words: document.words.map(present), faults: document.faults?.map(present) },
    {
      line,
      kernel: '7.3',
      words: [
        words,
        {
          ...{ word: 'hugetlb_cma=1:1G', place: 16, result: 'used' },
          means: 'memory from which gigantic pages can be allocated at any time',
        },
      ],
      predicted: {
        boots: true,
        default: 2n * M,
        pools: pools(2n),
        areas: [{ node: 1, memory: G }],
        messages: ['hugetlb_cma: reserved 1024 MiB on node 1'],
      },
      found: { default: G, pools: pools(2n) },
      faults: [{ ...words, instead: 'hugepages=0:2' }],
      others: [{ kernels: '5.10 to 5.15', why: '2M: 0 pages, not 0:2' }],
    },
  )
})

t.test('what was not asked for has no key', async (t) => {
  const { found, faults, others, predicted } = bootDocument({
    ...{ line: '', series, prediction: predictBoot('', series, machine), others: [] },
  })
  t.strictSame(
    [found, faults, others, predicted.areas],
    [undefined, undefined, undefined, undefined],
  )
})
