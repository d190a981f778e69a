import t from 'tap'
import {
  formatRange,
  type KernelSeries,
  parseSeries,
} from '../../../src/model/boot/kernel-series.ts'
import { otherMeanings } from '../../../src/model/boot/other-series.ts'
import { bootMachine } from '../../helpers/predicted.ts'

const others = (line: string, kernel = '6.12', machine = bootMachine) =>
  otherMeanings(line, parseSeries(kernel) as KernelSeries, machine).map(
    ({ kernels, why }) => `${formatRange(kernels)} | ${why}`,
  )

t.test('a line that all kernels read in one way', async (t) => {
  t.strictSame(others('hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=16'), [])
  t.strictSame(others('hugepages=7'), [], 'how a count is spread is no difference')
  t.strictSame(others(''), [])
})

t.test('counts by node', async (t) => {
  t.strictSame(others('hugepages=0:2,1:3'), ['5.10 to 5.15 | 2M: 0 pages, not 0:2,1:3'])
  t.strictSame(others('hugepages=0:2,1:3', '5.10'), ['5.16 and later | 2M: 0:2,1:3 pages, not 0'])
  t.strictSame(others('hugepagesz=1G hugepages=0:4,1:1'), [
    '5.10 to 5.15 | 1G: 0 pages, not 0:2,1:2',
    '6.15 and later | 1G: 0:2,1:1 pages, not 0:2,1:2',
  ])
})

t.test('kernels that do not boot, and those that do', async (t) => {
  t.strictSame(others('hugepages'), ['6.15 to 6.19 | these kernels do not boot with it'])
  t.strictSame(others('hugepages', '6.18'), [
    '5.10 to 6.14 | these kernels boot with it',
    '7.0 and later | these kernels boot with it',
  ])
})

t.test('another default, and words for which there is no room', async (t) => {
  const line = 'hugepagesz=2M hugepages=1 hugepagesz=3M hugepages=1 hugepages=1'
  t.strictSame(others(`${line} default_hugepagesz=1G`), [
    '6.15 and later | the default is 2M, not 1G',
  ])
  t.strictSame(others(`${line} default_hugepagesz=1G hugepages=1`), [
    '6.15 and later | the default is 2M, not 1G; 1G: 0 pages, not 1',
  ])
  t.strictSame(others(`${line} default_hugepagesz=1G hugepages=1`, '6.18'), [
    '5.10 to 6.14 | the default is 1G, not 2M; 1G: 1 page, not 0',
  ])
})

t.test('areas of CMA', async (t) => {
  const machine = { ...bootMachine, hasCma: true }
  t.strictSame(others('hugetlb_cma=1G hugepagesz=1G hugepages=1', '6.18', machine), [])
  t.strictSame(others('hugetlb_cma', '5.10', machine), [])
})
