import t from 'tap'
import {
  checkSequence,
  sequenceIn,
  withoutSequence,
  withSequence,
  withSequenceFirst,
  wordsBeside,
} from '../../../../src/model/boot/loaders/hugetlb-sequence.ts'
import * as fc from '../../../helpers/property.ts'

t.test('the words of a sequence, in their order and as they are spelled', async (t) => {
  t.equal(
    sequenceIn(
      'a hugepagesz=1G  default-hugepagesz=1G b=hugepages=1 hugepages="2" hugetlb_cma=1G hugetlb-cma-only=1 hugetlb_free_vmemmap=on hugepage_alloc_threads=4',
    ),
    'hugepagesz=1G default-hugepagesz=1G hugepages="2" hugetlb_cma=1G hugetlb-cma-only=1 hugetlb_free_vmemmap=on hugepage_alloc_threads=4',
  )
  t.equal(sequenceIn('transparent_hugepage=never sysctl.vm.nr_hugepages=4 HUGEPAGES=1'), '')
  t.equal(sequenceIn('a -- hugepages=3'), '', 'behind -- all is for init')
})

t.test('what else stands on a line keeps every byte', async (t) => {
  t.equal(withoutSequence('a  b\thugepages=3 c\n'), 'a  b c\n')
  t.equal(withoutSequence('hugepagesz=1G hugepages=3  a'), 'a')
  t.equal(withoutSequence('hugepages=3\n'), '\n')
  t.equal(withoutSequence('a\nhugepages=3 b\n'), 'a b\n')
  t.equal(withoutSequence('a "b  hugepages=3" -- hugepages=4'), 'a "b  hugepages=3" -- hugepages=4')
})

t.test('a sequence stands behind the words for the kernel', async (t) => {
  t.equal(withSequence('a b', 'hugepages=3'), 'a b hugepages=3')
  t.equal(withSequence('a b\n', 'hugepages=3'), 'a b hugepages=3\n')
  t.equal(withSequence('', 'hugepages=3'), 'hugepages=3')
  t.equal(withSequence('\n', 'hugepages=3'), 'hugepages=3\n')
  t.equal(withSequence('a -- b', 'hugepages=3'), 'a hugepages=3 -- b')
  t.equal(withSequence('-- b', 'hugepages=3'), 'hugepages=3 -- b')
  t.equal(withSequence('hugepages=1 a hugepages=2', 'hugepages=3'), 'a hugepages=3')
  t.equal(withSequence('a hugepages=1 b', ''), 'a b')
})

t.test('put on and taken off, a line is as it was', async () => {
  const word = fc.stringMatching(/^[a-z]{1,3}(=[a-z0-9"]{0,3})?$/).filter((text) => !/"/.test(text))
  const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '))
  const sequence = fc
    .array(fc.constantFrom('hugepages=1', 'hugepagesz=2M', 'hugetlb_cma=1G'), { minLength: 1 })
    .map((words) => words.join(' '))
  fc.assert(
    fc.property(line, sequence, (before, words) => {
      const after = withSequence(before, words)
      return (
        sequenceIn(after) === words &&
        withoutSequence(after) === before &&
        withSequence(after, words) === after
      )
    }),
  )
})

t.test('what can be installed', async (t) => {
  t.doesNotThrow(() =>
    checkSequence('default_hugepagesz=1G hugepagesz=1G hugepages=0:2,1:2 hugetlb_cma=20%'),
  )
  const hint =
    'words such as hugepages=64, of these names: hugepages, hugepagesz, default_hugepagesz, hugetlb_cma, hugetlb_cma_only, hugetlb_free_vmemmap, hugepage_alloc_threads'
  for (const [sequence, wrong] of [
    ['hugepages', 'hugepages'],
    ['hugepages=', 'hugepages='],
    ['hugepages=3 quiet=1', 'quiet=1'],
    ['hugepages=$(id)', 'hugepages=$(id)'],
    ['hugepages="3"', 'hugepages="3"'],
    ['hugepages=3  hugepagesz=1G', ''],
    ['hugepages=3 -- hugepages=4', '--'],
    ['hugepages=3\nhugepages=4', 'hugepages=3\nhugepages=4'],
  ] as const)
    t.throws(
      () => checkSequence(sequence),
      { code: 'E_USAGE', message: `'${wrong}' is no word that can be installed`, hint },
      sequence,
    )
  t.throws(() => checkSequence(''), { code: 'E_USAGE', message: 'there are no words to install' })
})

t.test('what others have beside sequences of hugepool', async (t) => {
  t.equal(wordsBeside('a b c', ['b']), 'a c')
  t.equal(wordsBeside('a b c', ['']), 'a b c')
  t.equal(wordsBeside('a b c', ['a c']), 'a b c')
  t.equal(wordsBeside('ab b', ['b']), 'ab')
  t.equal(wordsBeside('a b c', ['b', 'a b']), 'c', 'the longest is taken')
  t.equal(wordsBeside('a b', ['a b']), '')
  t.equal(wordsBeside('a b a', ['a']), 'b a')
})

t.test('words on the first line of a file alone', async (t) => {
  t.equal(
    withSequenceFirst('a hugepages=1\r\nb hugepages=2\n', 'hugepages=3'),
    'a hugepages=3\r\nb hugepages=2\n',
  )
  t.equal(withSequenceFirst('a', 'hugepages=3'), 'a hugepages=3')
  t.equal(withSequenceFirst('', 'hugepages=3'), 'hugepages=3')
})
