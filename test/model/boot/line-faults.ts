import t from 'tap'
import type { BootMachine } from '../../../src/model/boot/boot-machine.ts'
import { type KernelSeries, parseSeries } from '../../../src/model/boot/kernel-series.ts'
import { lineFaults } from '../../../src/model/boot/line-faults.ts'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import { bootMachine } from '../../helpers/predicted.ts'

const faults = (line: string, kernel = '6.18', machine: BootMachine = bootMachine) => {
  const series = parseSeries(kernel) as KernelSeries
  return lineFaults(predictBoot(line, series, machine).words, machine).map(
    ({ word, result, instead }) => [word.text, result, instead],
  )
}

t.test('a line that is right has none', async (t) => {
  t.strictSame(
    faults('default_hugepagesz=2M hugepagesz=2M hugepages=0:4,1:4 hugepagesz=1G hugepages=0:1,1:1'),
    [],
  )
  t.strictSame(faults('ro quiet hugepages=4 hugetlb_free_vmemmap=on hugepage_alloc_threads=2'), [])
})

t.test('pairs that were torn apart', async (t) => {
  t.strictSame(faults('hugepagesz=1G hugepagesz=2M hugepages=1 hugepages=16'), [
    ['hugepagesz=1G', 'used', 'hugepagesz=1G hugepages=N'],
    ['hugepages=16', 'ignored', 'leave it out, or put hugepagesz= before it'],
  ])
  t.strictSame(faults('hugepages=4 hugepagesz=1G'), [
    ['hugepagesz=1G', 'used', 'hugepagesz=1G hugepages=N'],
  ])
  t.strictSame(faults('hugepagesz=1G default_hugepagesz=2M hugepages=1'), [
    ['hugepagesz=1G', 'used', 'hugepagesz=1G hugepages=N'],
  ])
})

t.test('a value that a blank parts from its word', async (t) => {
  t.strictSame(faults('quiet hugepages= 5'), [['5', 'ignored', 'hugepages=5 without a blank']])
  t.strictSame(faults('default_hugepagesz=2M hugepagesz= 1G hugepages=2'), [
    ['hugepagesz=', 'ignored', 'hugepagesz=2M or hugepagesz=1G'],
    ['1G', 'ignored', 'hugepagesz=1G without a blank'],
    ['hugepages=2', 'ignored', 'hugepagesz=2M or hugepagesz=1G before it, once'],
  ])
})

t.test('a node that is named twice', async (t) => {
  t.strictSame(faults('hugepages=0:2,0:3'), [['hugepages=0:2,0:3', 'used', 'hugepages=0:3']])
  t.strictSame(faults('hugepages=0:2,00:3,1:1'), [
    ['hugepages=0:2,00:3,1:1', 'used', 'hugepages=0:3,1:1'],
  ])
})
