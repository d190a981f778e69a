import { execFileSync } from 'node:child_process'
import t from 'tap'
import {
  assignedWords,
  lastAssigned,
  ownMark,
  withoutWordsIn,
} from '../../../../src/model/boot/loaders/own-file.ts'

/** What a shell makes of a variable. */
const shellOf = (value: string): string =>
  execFileSync('/bin/sh', ['-euc', `${withoutWordsIn('X')}; printf %s "$X"`], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', X: value },
  })

t.test('a shell takes the words out of a variable, and nothing else', async (t) => {
  for (const [before, after] of [
    ['', ''],
    ['quiet splash', 'quiet splash'],
    ['hugepages=3', ''],
    ['a hugepagesz=1G hugepages=3 hugepages=4 b', 'a b'],
    ['hugepages a hugepagesz=1G', 'a'],
    [
      'default-hugepagesz=1G hugetlb_cma=1G hugetlb-free_vmemmap=on hugepage_alloc_threads=3 x',
      'x',
    ],
    [
      'hugepagesx=3 xhugepages=3 transparent_hugepage=never',
      'hugepagesx=3 xhugepages=3 transparent_hugepage=never',
    ],
    ["x='*' \\n %s $HOME", "x='*' \\n %s $HOME"],
    ['  a\thugepages=1   b ', 'a b'],
  ] as const)
    t.equal(shellOf(before), after, before)
})

t.test('words that files assign', async (t) => {
  const text = `# X="hugepages=1"
X="a hugepages=2"
 export X='b'
Y=c
XX=d
X+=" e"
`
  t.strictSame(assignedWords(text, /^X$/).split(/\s+/), ['', 'a', 'hugepages=2', 'b', 'e', ''])
  t.equal(assignedWords("X='a b' # hugepages=9\nX=c;d\n", /^X$/), ' a b  c', 'no comments')
  t.equal(assignedWords('X="a \\\n b\nc \\" d"\nY=e', /^X$/), ' a  b\nc \\  d ', 'several lines')
  t.equal(assignedWords('', /^X$/), '')
})

t.test('the mark is a comment of one line', async (t) => {
  t.equal(
    ownMark,
    "# 'hugepool boot --install' writes this file, and 'hugepool boot --remove' removes it.",
  )
})

t.test('the value that a shell has in the end', async (t) => {
  const text = 'A=1\nexport A="x  y" # c\nAB=2\n#A=3\nB=\nC="a\\\nb"\nD=\'q\'\n'
  t.strictSame(
    ['A', 'AB', 'B', 'C', 'D', 'E'].map((name) => lastAssigned(text, name)),
    ['x  y', '2', '', 'ab', 'q', undefined],
  )
})
