import t from 'tap'
import { listCommand } from '../../src/cli/commands/list.ts'
import { optionsOf } from '../../src/cli/commands.ts'
import { splitWords } from '../../src/cli/split-words.ts'

const split = (line: string): string =>
  splitWords(line.split(' '), optionsOf(listCommand)).join(' ')

const lines: readonly (readonly [typed: string, words: string])[] = [
  ['-rn', '-r -n'],
  ['-oSIZE', '-o SIZE'],
  ['-o=SIZE', '-o SIZE'],
  ['-rno SIZE', '-r -n -o SIZE'],
  ['-rno+SIZE,-x', '-r -n -o +SIZE,-x'],
  ['-rz', '-r -z'],
  ['-zrn', '-z'],
  ['-r-', '-r -'],
  ['-r--', '-r -'],
  ['-2M', '-2M'],
  ['-64', '-64'],
  ['--output -x', '--output -x'],
  ['--raw 2M=-64 -', '--raw 2M=-64 -'],
  ['-r -- -rn', '-r -- -rn'],
]

t.test('letters are taken apart as getopt(3) does', async (t) => {
  for (const [typed, words] of lines) t.equal(split(typed), words, typed)
})

t.test('a megabyte of unknown letters is one letter', async (t) => {
  t.strictSame(splitWords([`-${'x'.repeat(2 ** 20)}`], optionsOf(listCommand)), ['-x'])
})

t.test('a value with a blank belongs to its option, whatever it begins with', async (t) => {
  const options = optionsOf(listCommand)
  const words = (...typed: readonly string[]) => splitWords(typed, options)
  t.strictSame(words('--output', '-- x'), ['--output=-- x'])
  t.strictSame(words('--output', '-x y', '-r'), ['--output=-x y', '-r'])
  t.strictSame(words('--output', 'x y'), ['--output', 'x y'])
  t.strictSame(words('--output', '--', '-x y'), ['--output', '--', '-x y'])
  t.strictSame(words('--raw', '--x y'), ['--raw', '--x y'])
})
