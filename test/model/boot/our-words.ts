import t from 'tap'
import { splitKept } from '../../../src/model/boot/command-line.ts'
import { cutOffWords, ourWords } from '../../../src/model/boot/our-words.ts'

const ours = (line: string, kept?: number) => {
  const words = splitKept(line, kept)
  return [...ourWords(words), ...cutOffWords(words)].map(({ word, means }) => [word.text, means])
}

t.test('words about huge pages, and those that look like them', async (t) => {
  t.strictSame(ours('ro hugepagesz=2M hugepages=5 default-hugepagesz=1G quiet'), [
    ['hugepagesz=2M', 'the page size of the next number'],
    ['hugepages=5', 'a number of pages'],
    ['default-hugepagesz=1G', 'the default page size'],
  ])
  t.strictSame(ours('hugetlb_cma=1G transparent_hugepage=never'), [
    ['hugetlb_cma=1G', 'memory from which gigantic pages can be allocated at any time'],
    ['transparent_hugepage=never', 'transparent huge pages, which are in no pool'],
  ])
  t.strictSame(ours('sysctl.vm.nr_hugepages=4 sysctl.vm/nr_overcommit_hugepages=2 sysctl.vm.x=1'), [
    ['sysctl.vm.nr_hugepages=4', 'a sysctl that is set when the kernel has started'],
    ['sysctl.vm/nr_overcommit_hugepages=2', 'a sysctl that is set when the kernel has started'],
  ])
  t.strictSame(ours('HugePages=5 hugepages= 5 7 hugepages=1 8 x= 5 hugepages= quiet'), [
    ['HugePages=5', 'nothing to the kernel'],
    ['hugepages=', 'a number of pages'],
    ['5', 'nothing to the kernel'],
    ['hugepages=1', 'a number of pages'],
    ['hugepages=', 'a number of pages'],
  ])
  t.strictSame(ours('quiet -- hugepages=5 x'), [['hugepages=5', 'a word for init']])
})

t.test('words that a kernel has no place for', async (t) => {
  t.strictSame(ours('quiet hugepages=52 x hugepages=3', 17), [
    ['hugepages=5', 'a number of pages'],
    ['hugepages=52', 'a number of pages'],
    ['hugepages=3', 'a number of pages'],
  ])
  t.strictSame(ours('-- hugepages=52', 15), [['hugepages=52', 'a word for init']])
})

t.test('what is cut off is dropped, whatever it is', async (t) => {
  const why = 'the line is too long, and the kernel reads its beginning alone'
  t.strictSame(
    cutOffWords(splitKept('quiet hugepages=1 x', 6)).map(({ result, why }) => [result, why]),
    [['dropped', why]],
  )
  t.strictSame(cutOffWords(splitKept('quiet hugepages=1')), [])
})
