import t from 'tap'
import {
  firstLine,
  withWordsOf,
  wordsInFile,
} from '../../../../src/model/boot/loaders/edited-file.ts'
import { withSequenceFirst } from '../../../../src/model/boot/loaders/hugetlb-sequence.ts'
import type { LoaderFile } from '../../../../src/model/boot/loaders/loader-row.ts'

const whole: LoaderFile = {
  path: '/a',
  isOwn: false,
  write: (before, { wanted, takesOver }) => `${before}|${wanted}|${takesOver}`,
}
const first: LoaderFile = {
  ...whole,
  read: firstLine,
  write: (before, { wanted }) => withSequenceFirst(before, wanted),
}

t.test('the first line alone, where that is all that is read', async (t) => {
  t.strictSame(['', 'a', 'a\nb\nc', '\nb'].map(firstLine), ['', 'a', 'a', ''])
  const text = 'a hugepages=1\nhugepages=2 b\n'
  t.equal(wordsInFile(whole, text), 'hugepages=1 hugepages=2')
  t.equal(wordsInFile(first, text), 'hugepages=1')
})

t.test('the words of another text in place of its own', async (t) => {
  t.equal(withWordsOf(whole, 'x', 'a hugepages=1\n'), 'x|hugepages=1|false')
  t.equal(
    withWordsOf(first, 'x hugepages=3\nhugepages=4\n', 'hugepages=1 a\nhugepages=2\n'),
    'x hugepages=1\nhugepages=4\n',
  )
})
