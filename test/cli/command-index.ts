import t from 'tap'
import { commandIndex, helpCommand } from '../../src/cli/command-index.ts'

const places: readonly (readonly [line: string, index: number])[] = [
  ['list', 0],
  ['--json list', 1],
  ['-o SIZE list', 2],
  ['--output=SIZE list', 1],
  ['-s list', -1],
  ['-s list list', 2],
  ['--persist fstab mount /x', 2],
  ['--persist umount /x', 1],
  ['--persist mount /x', 1],
  ['frobnicate', 0],
  ['-- list', -1],
  ['--json', -1],
  ['- list', 0],
]

t.test('the command is the first word that is neither an option nor its value', async (t) => {
  for (const [line, index] of places) t.equal(commandIndex(line.split(' ')), index, line)
  t.equal(commandIndex([]), -1)
})

t.test('where help is', async (t) => {
  t.equal(helpCommand(['--json', 'set', '2M']), 'hugepool resize --help')
  t.equal(helpCommand(['frobnicate']), 'hugepool --help')
  t.equal(helpCommand([]), 'hugepool --help')
})
