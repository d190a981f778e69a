import t from 'tap'
import { bootMachine, fates, predicted } from '../../helpers/predicted.ts'
import { G } from '../../helpers/sizes.ts'

t.test('a sysctl has the last word', async (t) => {
  t.strictSame(predicted('hugepages=8 sysctl.vm.nr_hugepages=10'), {
    pools: '2M:10(5,5)',
    kept: 10n,
    boots: true,
    messages: [],
  })
  t.equal(predicted('hugepages=8 sysctl.vm.nr_hugepages=5').pools, '2M:5(2,3)')
  t.equal(predicted('sysctl.vm/nr_hugepages=0x10').pools, '2M:16(8,8)')
  t.equal(
    predicted('default_hugepagesz=1G sysctl.vm.nr_hugepages_mempolicy=2').pools,
    '1G:2(1,1) def1G',
  )
  t.strictSame(fates('hugepages=8 sysctl.vm.nr_hugepages=10'), [
    'hugepages=8 | overridden | by sysctl.vm.nr_hugepages=10',
    'sysctl.vm.nr_hugepages=10 | used',
  ])
})

t.test('sysctls that set no pool, or come to nothing', async (t) => {
  t.equal(predicted('sysctl.vm.nr_overcommit_hugepages=5').pools, '')
  t.strictSame(fates('sysctl.vm.nr_hugepages=x'), [
    'sysctl.vm.nr_hugepages=x | ignored | it is no number',
  ])
  t.strictSame(fates('sysctl.vm.nr_overcommit_hugepages=x'), [
    'sysctl.vm.nr_overcommit_hugepages=x | ignored | it is no number',
  ])
  t.strictSame(fates('sysctl.vm.nr_hugepages=5', '5.7'), [
    'sysctl.vm.nr_hugepages=5 | ignored | kernels before 5.8 have no such words',
  ])
  t.equal(predicted('sysctl.vm.nr_hugepages=5', '5.7').pools, '')
  t.strictSame(
    fates('default_hugepagesz=1G sysctl.vm.nr_hugepages=9')[1],
    'sysctl.vm.nr_hugepages=9 | short | 4 pages are had',
  )
  const nodes = [{ node: 0, memory: 2n * G, fits: new Map([[G, 1n]]) }]
  t.strictSame(
    fates('default_hugepagesz=1G sysctl.vm.nr_hugepages=9', '6.12', { ...bootMachine, nodes })[1],
    'sysctl.vm.nr_hugepages=9 | short | 1 page is had',
  )
})
