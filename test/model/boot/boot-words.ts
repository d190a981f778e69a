import t from 'tap'
import type { BootAnswer } from '../../../src/model/boot/boot-answer.ts'
import { bootFaultWords, bootHints, bootNotes } from '../../../src/model/boot/boot-words.ts'
import { type KernelSeries, parseSeries } from '../../../src/model/boot/kernel-series.ts'
import { lineFaults } from '../../../src/model/boot/line-faults.ts'
import { otherMeanings } from '../../../src/model/boot/other-series.ts'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import { bootMachine } from '../../helpers/predicted.ts'
import { G, M } from '../../helpers/sizes.ts'

const answer = (
  line: string,
  rest: Partial<BootAnswer> = {},
  machine = bootMachine,
  kernel = '6.18',
): BootAnswer => {
  const series = parseSeries(kernel) as KernelSeries
  return { line, series, prediction: predictBoot(line, series, machine), others: [], ...rest }
}

const checked = (line: string): BootAnswer => {
  const { series, prediction } = answer(line)
  return answer(line, {
    faults: lineFaults(prediction.words, bootMachine),
    others: otherMeanings(line, series, bootMachine),
  })
}

const said = (about: BootAnswer) => [bootNotes(about), bootHints(about), bootFaultWords(about)]

t.test('a line without a word, and one that is right', async (t) => {
  t.strictSame(said(answer('ro')), [['no word of the line is about huge pages'], [], []])
  t.strictSame(said(answer('hugepages=4')), [[], [], []])
  t.strictSame(said(checked('hugepages=4')), [[], [], []])
})

t.test('words that are not used', async (t) => {
  t.strictSame(said(answer('hugepages=4 hugepages=5 hugepagesz=3M')), [
    ['not used as it stands: hugepages=5 hugepagesz=3M'],
    ["'hugepool boot --check' says what to write instead"],
    [],
  ])
  t.strictSame(said(checked('hugepages=4 hugepages=5')), [
    ['not used as it stands: hugepages=5'],
    [],
    ['1 word of the line is not right'],
  ])
  t.strictSame(said(checked('hugepages=0:2,7:1 hugepages=5x')).at(-1), [
    '2 words of the line are not right',
    'the line comes to something else on other kernels',
  ])
})

t.test('a line that does not boot', async (t) => {
  t.strictSame(bootFaultWords(answer('hugepages')), [
    'Linux 6.18 does not boot with this line, and says nothing',
  ])
})

t.test('areas', async (t) => {
  const machine = { ...bootMachine, hasCma: true }
  t.strictSame(bootNotes(answer('hugetlb_cma=0:1G,1:2G', {}, machine)), [
    'an area of CMA of 1G is reserved on node 0',
    'an area of CMA of 2G is reserved on node 1',
  ])
})

t.test('pools that are not as the line makes them', async (t) => {
  const found = (two: bigint, one: bigint) => ({
    pools: [
      { size: 2n * M, total: two, nodes: [] },
      { size: G, total: one, nodes: [] },
      { size: 64n * M, total: 5n, nodes: [] },
    ],
  })
  const line = 'hugepages=1 hugepagesz=1G hugepages=2'
  const more = 'the pool was changed since, or the start had less memory'
  t.strictSame(bootNotes(answer(line, { found: found(1n, 2n) })), [])
  t.strictSame(bootNotes(answer(line, { found: found(7n, 1n) })), [
    `2M: the line comes to 1 page, and there are 7: ${more}`,
    `1G: the line comes to 2 pages, and there is 1: ${more}`,
  ])
})
