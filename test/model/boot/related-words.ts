import t from 'tap'
import { isPageWord, isRelatedWord, sysctlOf } from '../../../src/model/boot/related-words.ts'

t.test('words by name', async (t) => {
  t.equal(isPageWord('hugepages'), true)
  t.equal(isPageWord('hugepage'), false)
  t.equal(isRelatedWord('hugetlb_cma'), true)
  t.equal(isRelatedWord('hugepages'), false)
  t.equal(isRelatedWord('toString'), false)
})

t.test('sysctls of huge pages', async (t) => {
  t.equal(sysctlOf('sysctl.vm.nr_hugepages'), 'nr_hugepages')
  t.equal(sysctlOf('sysctl.vm/nr_hugepages_mempolicy'), 'nr_hugepages_mempolicy')
  t.equal(sysctlOf('sysctl.vm.nr_overcommit_hugepages'), 'nr_overcommit_hugepages')
  t.equal(sysctlOf('sysctl.vm.hugetlb_shm_group'), 'hugetlb_shm_group')
  for (const name of ['sysctl.vm.nr_hugepages2', 'vm.nr_hugepages', 'xsysctl.vm.nr_hugepages'])
    t.equal(sysctlOf(name), undefined, name)
})
