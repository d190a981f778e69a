import t from 'tap'
import { commands } from '../../src/cli/commands.ts'
import { suggestion } from '../../src/cli/suggest.ts'

const names = commands.map(({ name }) => name)

const slips: readonly (readonly [typed: string, meant: string])[] = [
  ['lst', 'list'],
  ['lits', 'list'],
  ['rezise', 'resize'],
  ['umnt', 'umount'],
  ['overcomit', 'overcommit'],
]

t.test('a slip of one or two letters', async (t) => {
  for (const [typed, meant] of slips) t.equal(suggestion(typed, names), meant, typed)
})

t.test('one letter of three may be wrong', async (t) => {
  t.equal(suggestion('wha', names), 'who')
  t.equal(suggestion('wax', ['who']), undefined, 'two are too many')
  t.equal(suggestion('lst', names), 'list')
})

t.test('an abbreviation of three letters or more', async (t) => {
  t.equal(suggestion('com', names), 'completion')
  t.equal(suggestion('mou', names), 'mounts', 'the first of those that begin so')
  t.equal(suggestion('ov', names), undefined)
})

t.test('what is near to nothing', async (t) => {
  for (const typed of [
    '',
    'x',
    'foo',
    'cat',
    'xyz',
    'frobnicate',
    '-list',
    '--',
    'list '.repeat(9),
  ])
    t.equal(suggestion(typed, names), undefined, typed)
  t.equal(suggestion('bogus', ['bytes', 'json']), undefined, 'three letters are too many')
  t.equal(suggestion('list', []), undefined)
})
