import t from 'tap'
import { commandIndex, helpCommand } from '../../src/cli/command-index.ts'
import { loadAllCommands } from '../../src/cli/commands.ts'
import { commonOptions, takesNextWord } from '../../src/cli/options/option.ts'

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
  for (const [line, index] of places) t.equal(await commandIndex(line.split(' ')), index, line)
  t.equal(await commandIndex([]), -1)
})

t.test('where help is', async (t) => {
  t.equal(await helpCommand(['--json', 'set', '2M']), 'hugepool resize --help')
  t.equal(await helpCommand(['frobnicate']), 'hugepool --help')
  t.equal(await helpCommand([]), 'hugepool --help')
})

t.test('an option that all commands have takes the same words in each of them', async (t) => {
  for (const command of await loadAllCommands())
    for (const option of command.options)
      for (const common of commonOptions) {
        const { name, letter } = option
        const isSame = name === common.name && letter === common.letter
        const isLike = name === common.name || (letter !== undefined && letter === common.letter)
        t.ok(
          isSame ? takesNextWord(option) === takesNextWord(common) : !isLike,
          `${command.name} --${name}`,
        )
      }
})
