import t from 'tap'
import { listCommand } from '../../src/cli/commands/list.ts'
import { optionsOf } from '../../src/cli/commands.ts'
import { objection, tooMany } from '../../src/cli/objections.ts'

const operands = { name: 'list', usage: '[SIZE...]', least: 0, most: 1 }
const options = optionsOf(listCommand)

t.test('nothing said is nothing wrong', async (t) => {
  t.equal(objection([], { read: {}, options, operands }, false), undefined)
})

t.test('an unknown option comes before operands, and has a hint', async (t) => {
  const read = { _: ['a', 'b'], $0: '', jsn: true }
  const said = [tooMany, 'Unknown argument: jsn']
  const error = objection(said, { read, options, operands }, false)
  t.equal(error?.message, 'unknown option --jsn')
  t.equal(error?.hint, 'did you mean --json?')
  t.equal(error?.exitCode, 2)
})

t.test('operands do not matter to help', async (t) => {
  const reading = { read: { _: ['a', 'b'] }, options, operands }
  t.equal(objection([tooMany], reading, true), undefined)
  const words = "'b' is one word too many for list"
  t.equal(objection([tooMany], reading, false)?.message, words)
  const after = { ...reading, read: { _: ['a'], '--': ['b'] } }
  t.equal(objection([tooMany], after, false)?.message, words)
})

t.test('what is not known of yargs is said in its words', async (t) => {
  const reading = { read: { _: [] }, options, operands }
  const error = objection(['Something new'], reading, false)
  t.equal(error?.code, 'E_USAGE')
  t.equal(error?.message, 'Something new')
})
