import t from 'tap'
import { freesVmemmap } from '../../../src/model/boot/free-vmemmap-word.ts'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import { targetOf } from '../../helpers/generated.ts'

const frees = (line: string, release = '6.18') => {
  const { series, machine } = targetOf(release)
  return freesVmemmap(predictBoot(line, series, machine), series)
}

t.test('the last word that counts', async (t) => {
  t.equal(frees('hugetlb_free_vmemmap=on'), true)
  t.equal(frees('hugetlb-free-vmemmap=off'), false)
  t.equal(frees('hugetlb_free_vmemmap=on hugetlb_free_vmemmap=0'), false)
  t.equal(frees('hugetlb_free_vmemmap=on hugetlb_free_vmemmap=x'), true)
})

t.test('no word, or one that the kernel does not take', async (t) => {
  t.equal(frees('ro quiet'), undefined)
  t.equal(frees('hugetlb_free_vmemmap=x'), undefined)
  t.equal(frees('hugetlb_free_vmemmap'), undefined)
  t.equal(frees('hugetlb_free_vmemmap', '6.12'), true)
  t.equal(frees('hugetlb_free_vmemmap=on', '5.10'), undefined)
  t.equal(frees('hugetlb_free_vmemmap=enable', '7.0'), true)
  t.equal(frees('hugetlb_free_vmemmap=enable', '6.18'), undefined)
})
