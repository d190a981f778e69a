import t from 'tap'
import type { BootMachine } from '../../../src/model/boot/boot-machine.ts'
import { insteadOf } from '../../../src/model/boot/instead-word.ts'
import { type KernelSeries, parseSeries } from '../../../src/model/boot/kernel-series.ts'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import { bootMachine } from '../../helpers/predicted.ts'
import { G } from '../../helpers/sizes.ts'

/** The words that are not used as they stand, and what to write. */
const faults = (line: string, kernel = '6.18', machine: BootMachine = bootMachine) =>
  predictBoot(line, parseSeries(kernel) as KernelSeries, machine)
    .words.filter(({ result, why }) => result !== 'used' || why !== undefined)
    .map((fate) => [fate.word.text, fate.result, insteadOf(fate, machine)])

t.test('words that are not read as they stand', async (t) => {
  t.strictSame(faults('hugepages=2M'), [['hugepages=2M', 'used', 'hugepages=2']])
  t.strictSame(faults('hugepages=010x'), [['hugepages=010x', 'used', 'hugepages=10']])
  t.strictSame(faults('hugepages=0:2;1:3'), [['hugepages=0:2;1:3', 'used', 'hugepages=0:2,1:3']])
  t.strictSame(faults('hugepages=0-1:2'), [['hugepages=0-1:2', 'used', 'hugepages=0:2,1:2']])
  t.strictSame(faults('hugepages=0:2;'), [['hugepages=0:2;', 'used', 'hugepages=0:2']])
  for (const unclear of ['hugepages=3-1:2', 'hugepages=0:2;x1:3'])
    t.strictSame(faults(unclear), [[unclear, 'used', 'hugepages=N or hugepages=0:N,1:N']])
  t.strictSame(faults('hugepages=0:2,9:3'), [
    ['hugepages=0:2,9:3', 'ignored', 'hugepages=N or hugepages=0:N,1:N'],
  ])
  t.strictSame(faults('hugepages=-1'), [
    ['hugepages=-1', 'ignored', 'hugepages=N or hugepages=0:N,1:N'],
  ])
})

t.test('sizes', async (t) => {
  t.strictSame(faults('hugepagesz=3M hugepages=4'), [
    ['hugepagesz=3M', 'ignored', 'hugepagesz=2M or hugepagesz=1G'],
    ['hugepages=4', 'ignored', 'hugepagesz=2M or hugepagesz=1G before it, once'],
  ])
  t.strictSame(faults('default_hugepagesz=3M'), [
    ['default_hugepagesz=3M', 'ignored', 'default_hugepagesz=2M or default_hugepagesz=1G'],
  ])
  t.strictSame(faults('default_hugepagesz=2M default_hugepagesz=1G'), [
    ['default_hugepagesz=1G', 'ignored', 'leave it out'],
  ])
  t.strictSame(faults('hugepagesz=2M hugepages=4 hugepagesz=2M hugepages=5'), [
    ['hugepagesz=2M', 'ignored', 'leave it out'],
    ['hugepages=5', 'ignored', 'hugepagesz=2M or hugepagesz=1G before it, once'],
  ])
})

t.test('words of which another takes the place, or for which there is no room', async (t) => {
  t.strictSame(faults('hugepages=3 hugepagesz=2M hugepages=5'), [
    ['hugepages=5', 'overridden', 'leave it out'],
  ])
  t.strictSame(faults('hugepages=6 sysctl.vm.nr_hugepages=9'), [
    ['hugepages=6', 'overridden', 'leave it out'],
  ])
  t.strictSame(faults('hugepagesz=1G hugepages=0:5'), [
    ['hugepages=0:5', 'short', '2 pages there at most'],
  ])
  t.strictSame(faults('hugepagesz=1G hugepages=9'), [['hugepages=9', 'short', '4 pages at most']])
  t.strictSame(faults('hugepages=1 sysctl.vm.nr_hugepages=9999'), [
    ['hugepages=1', 'overridden', 'leave it out'],
    ['sysctl.vm.nr_hugepages=9999', 'short', '4096 pages at most'],
  ])
  const nodes = [{ node: 0, memory: 2n * G, fits: new Map([[G, 1n]]) }]
  const small = { ...bootMachine, nodes }
  t.strictSame(faults('hugepagesz=1G hugepages=0:5', '6.18', small), [
    ['hugepages=0:5', 'short', '1 page there at most'],
  ])
  t.strictSame(faults('default_hugepagesz=1G sysctl.vm.nr_hugepages=9', '6.18', small), [
    ['sysctl.vm.nr_hugepages=9', 'short', '1 page at most'],
  ])
  const three = 'hugepagesz=1G hugepages=1 hugepagesz=2M hugepages=1 default_hugepagesz=2M'
  t.strictSame(faults(`${three} hugepages=1`), [
    ['hugepages=1', 'dropped', 'fewer words: 5 are kept'],
  ])
  t.strictSame(faults('hugepages=1 hugepagesz=2M', '6.18', { ...bootMachine, lineKept: 11 }), [
    ['hugepagesz=2M', 'dropped', 'a shorter line'],
  ])
})

t.test('words that are none to the kernel', async (t) => {
  t.strictSame(faults('HUGEPAGES=5 HugepageSz'), [
    ['HUGEPAGES=5', 'ignored', 'hugepages=5'],
    ['HugepageSz', 'ignored', 'hugepagesz'],
  ])
  t.strictSame(faults('sysctl.vm.NR_HUGEPAGES=5'), [
    ['sysctl.vm.NR_HUGEPAGES=5', 'ignored', 'sysctl.vm.nr_hugepages=5'],
  ])
  t.strictSame(faults('hugepages= 5'), [['5', 'ignored', 'hugepages=5 without a blank']])
  t.strictSame(faults('quiet -- hugepages=5'), [
    ['hugepages=5', 'ignored', 'hugepages=5 before --'],
  ])
  t.strictSame(faults('hugetlb_cma=1G'), [['hugetlb_cma=1G', 'ignored', 'leave it out']])
})

t.test('words without a value, and with one that is none', async (t) => {
  t.strictSame(faults('hugepages'), [['hugepages', 'no-boot', 'hugepages=N']])
  t.strictSame(faults('hugepagesz', '7.1'), [
    ['hugepagesz', 'ignored', 'hugepagesz=2M or hugepagesz=1G'],
  ])
  t.strictSame(faults('hugetlb_free_vmemmap=maybe'), [
    [
      'hugetlb_free_vmemmap=maybe',
      'ignored',
      'hugetlb_free_vmemmap=on or hugetlb_free_vmemmap=off',
    ],
  ])
  t.strictSame(faults('hugetlb_free_vmemmap'), [
    ['hugetlb_free_vmemmap', 'ignored', 'hugetlb_free_vmemmap=on or hugetlb_free_vmemmap=off'],
  ])
  t.strictSame(faults('hugepages=1 sysctl.vm.nr_hugepages=x'), [
    ['sysctl.vm.nr_hugepages=x', 'ignored', 'sysctl.vm.nr_hugepages=N'],
  ])
})

t.test('words that this kernel does not know with any value', async (t) => {
  const without = { ...bootMachine, hasFreeVmemmap: false }
  for (const word of ['hugetlb_free_vmemmap', 'hugetlb_free_vmemmap=on'])
    for (const [series, machine] of [
      ['6.18', without],
      ['6.1', without],
      ['5.10', bootMachine],
    ] as const)
      t.strictSame(faults(word, series, machine), [[word, 'ignored', 'leave it out']], series)
  t.strictSame(faults('hugetlb_cma'), [['hugetlb_cma', 'ignored', 'leave it out']])
  t.strictSame(faults('hugepage_alloc_threads'), [
    ['hugepage_alloc_threads', 'ignored', 'hugepage_alloc_threads=N'],
  ])
  t.strictSame(faults('hugepage_alloc_threads=2', '6.12'), [
    ['hugepage_alloc_threads=2', 'ignored', 'leave it out'],
  ])
  t.strictSame(faults('hugepages', '6.1'), [['hugepages', 'ignored', 'hugepages=N']])
})

t.test('areas of CMA', async (t) => {
  const machine = { ...bootMachine, hasCma: true }
  const of = (line: string, kernel = '7.3') => faults(line, kernel, machine)
  t.strictSame(of('hugetlb_cma=0:1G,1:1G'), [])
  t.strictSame(of('hugetlb_cma=1536M'), [
    ['hugetlb_cma=1536M', 'ignored', 'hugetlb_cma= with a multiple of 1G'],
  ])
  t.strictSame(of('hugetlb_cma=512M', '6.18'), [
    ['hugetlb_cma=512M', 'ignored', 'hugetlb_cma= with a multiple of 1G'],
  ])
  t.strictSame(of('hugetlb_cma=0:1G,5:1G'), [
    ['hugetlb_cma=0:1G,5:1G', 'short', 'less, or another node'],
  ])
  t.strictSame(of('hugetlb_cma=101%'), [['hugetlb_cma=101%', 'ignored', 'hugetlb_cma=SIZE']])
  t.strictSame(of('hugetlb_cma=0:101%'), [
    ['hugetlb_cma=0:101%', 'ignored', 'hugetlb_cma=NODE:SIZE'],
  ])
  t.strictSame(of('hugetlb_cma'), [['hugetlb_cma', 'no-boot', 'hugetlb_cma=SIZE']])
  t.strictSame(of('hugetlb_cma_only=x'), [
    ['hugetlb_cma_only=x', 'ignored', 'hugetlb_cma_only=1 or hugetlb_cma_only=0'],
  ])
  t.strictSame(of('hugetlb_cma=2G hugepagesz=1G hugepages=1'), [
    ['hugepages=1', 'ignored', 'leave it out, or hugetlb_cma='],
  ])
})

t.test('nodes, which older kernels do not read', async (t) => {
  t.strictSame(faults('hugepages=0:2', '5.10'), [
    ['hugepages=0:2', 'used', 'hugepages=N: this kernel reads no nodes'],
  ])
})
