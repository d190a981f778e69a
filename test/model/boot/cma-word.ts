import t from 'tap'
import { noCma, readCma } from '../../../src/model/boot/cma-word.ts'
import { parseSeries, rulesOf } from '../../../src/model/boot/kernel-series.ts'
import { G, M } from '../../helpers/sizes.ts'

/** What words ask for on a series: the total, and the nodes. */
const asked = (series: string, ...values: readonly string[]) => {
  const rules = rulesOf(parseSeries(series) ?? [0, 0])
  const { total, nodes, messages } = values.reduce((cma, text) => readCma(cma, text, rules), noCma)
  return [total, [...nodes], messages]
}

t.test('a size, or sizes of nodes', async (t) => {
  t.strictSame(asked('6.12', '2G'), [{ bytes: 2n * G }, [], []])
  t.strictSame(asked('6.12', '0:1G,1:512M'), [
    { bytes: G + 512n * M },
    [
      [0, { bytes: G }],
      [1, { bytes: 512n * M }],
    ],
    [],
  ])
  t.strictSame(asked('6.12', '0:1G;1:1G'), [{ bytes: G }, [[0, { bytes: G }]], []], 'junk ends it')
  t.strictSame(asked('6.12', '0:1G,'), [{ bytes: G }, [[0, { bytes: G }]], []])
  t.strictSame(asked('6.12', 'x'), [{ bytes: 0n }, [], []])
  t.strictSame(asked('5.15', '0:1G'), [{ bytes: 0n }, [], []], 'kernels before 5.16 know no nodes')
})

t.test('several words', async (t) => {
  t.strictSame(asked('7.2', '0:1G', '1:1G'), [
    { bytes: 2n * G },
    [
      [0, { bytes: G }],
      [1, { bytes: G }],
    ],
    [],
  ])
  t.strictSame(asked('7.2', '0:1G', '3G'), [{ bytes: 3n * G }, [[0, { bytes: G }]], []])
  t.strictSame(asked('7.3', '0:1G', '3G'), [{ bytes: 3n * G }, [], []])
  t.strictSame(asked('7.3', '3G', '0:1G'), [{ bytes: 0n }, [[0, { bytes: G }]], []])
})

t.test('a share of the memory', async (t) => {
  t.strictSame(asked('7.2', '20%'), [{ bytes: 20n }, [], []])
  t.strictSame(asked('7.3', '20%'), [{ percent: 20n }, [], []])
  t.strictSame(asked('7.3', '0:50%,1:1G'), [
    { bytes: 0n },
    [
      [0, { percent: 50n }],
      [1, { bytes: G }],
    ],
    [],
  ])
  t.strictSame(asked('7.3', '100%'), [{ percent: 100n }, [], []])
  t.strictSame(asked('7.3', '101%'), [{ bytes: 0n }, [], ['hugetlb_cma: invalid percentage 101']])
  t.strictSame(asked('7.3', '1:150%,0:1G'), [
    { bytes: 0n },
    [],
    ['hugetlb_cma: invalid percentage 150 for node 1'],
  ])
})
