import t from 'tap'
import {
  builtInLine,
  hasWords,
  wordsNotPassed,
} from '../../../../src/model/config/writers/built-in-line.ts'

t.test('the line that a kernel was configured with', async (t) => {
  t.strictSame(builtInLine('# x\nCONFIG_CMDLINE_BOOL=y\nCONFIG_CMDLINE="a=1 b"\n'), {
    words: 'a=1 b',
    line: 3,
  })
  t.strictSame(builtInLine('CONFIG_CMDLINE=" a=\\"b c\\" "'), { words: 'a="b c"', line: 1 })
  t.equal(builtInLine('CONFIG_CMDLINE=""\n'), undefined)
  t.equal(builtInLine('# CONFIG_CMDLINE is not set\n'), undefined)
})

t.test('words of a line', async (t) => {
  t.equal(hasWords('quiet a=1 b\n', 'a=1 b'), true)
  t.equal(hasWords('a=1', 'a=1'), true)
  t.equal(hasWords('quiet a=12', 'a=1'), false)
  t.equal(hasWords('quiet ba=1', 'a=1'), false)
})

t.test('words that the boot loader did not pass', async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a b', 'a b\0', ''],
    ['a b\n', 'a b\n', ''],
    ['x a b', 'a b\0', 'x'],
    ['a b x=1', 'a b\0junk', 'x=1'],
    ['x a b y', 'a b', 'x y'],
    ['x y', 'a b', 'x y'],
    ['x y', '', 'x y'],
    ['a b', 'a b c', ''],
    ['', '', ''],
  ]
  for (const [line, passed, words] of cases)
    t.equal(wordsNotPassed(line, passed), words, `${line} / ${passed}`)
})
