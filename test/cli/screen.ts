import t from 'tap'
import { listCommand } from '../../src/cli/commands/list.ts'
import { whoCommand } from '../../src/cli/commands/who.ts'
import { isUnicode, screenFacts } from '../../src/cli/screen.ts'

const words = (output?: string, ...switches: readonly string[]) => ({
  operands: [],
  values: output === undefined ? {} : { output },
  switches: new Set(switches),
})

const terminal = (columns: number | undefined) => ({
  outIsTerminal: true,
  outColumns: () => columns,
  environment: {},
})

const facts = (columns: number | undefined, ...typed: Parameters<typeof words>) =>
  screenFacts(listCommand, words(...typed), terminal(columns))

t.test('the first variable that is set says what the locale has', async (t) => {
  const found = (environment: Readonly<Record<string, string>>) => isUnicode(environment)
  t.equal(found({}), false)
  t.equal(found({ LANG: 'de_DE.UTF-8' }), true)
  t.equal(found({ LANG: 'C.utf8' }), true)
  t.equal(found({ LANG: 'C' }), false)
  t.equal(found({ LANG: 'de_DE@euro' }), false)
  t.equal(found({ LC_ALL: 'C', LC_CTYPE: 'C.UTF-8', LANG: 'C.UTF-8' }), false)
  t.equal(found({ LC_ALL: '', LC_CTYPE: 'C', LANG: 'C.UTF-8' }), false)
  t.equal(found({ LC_CTYPE: 'C.UTF-8', LANG: 'C' }), true)
  t.equal(found({ LC_ALL: 'C.UTF-8', LC_CTYPE: 'C', LANG: 'C' }), true)
  t.equal(found({ LC_ALL: '', LC_CTYPE: '', LANG: 'en_GB.utf8' }), true)
})

t.test('a terminal of 100 columns is wide', async (t) => {
  t.strictSame(facts(99), { terminal: 99, usual: [], whereRoom: [] })
  t.strictSame(facts(100), { terminal: 100, usual: ['USE'], whereRoom: ['USE'] })
  t.strictSame(facts(undefined), {})
})

t.test('who asks for a bar gets it, whether or not there is room', async (t) => {
  const asked = { terminal: 100, usual: ['USE'], whereRoom: [] }
  t.strictSame(facts(100, 'SIZE,USE'), asked)
  t.strictSame(facts(100, 'use'), asked)
  t.strictSame(facts(100, '+USE'), asked)
  t.strictSame(facts(100, '+overcommit,use'), asked)
  t.strictSame(facts(100, undefined, 'output-all'), asked)
  t.strictSame(facts(100, '+SIZE'), { ...asked, whereRoom: ['USE'] })
})

t.test('what is for scripts does not depend on a terminal, nor what has no bars', async (t) => {
  const never = {
    ...terminal(100),
    outColumns: () => {
      throw new Error('nobody asks for the width')
    },
  }
  for (const name of ['json', 'raw', 'pairs'])
    t.strictSame(screenFacts(listCommand, words(undefined, name), never), {}, name)
  t.strictSame(screenFacts(listCommand, words(), { ...never, outIsTerminal: false }), {})
  t.strictSame(screenFacts(whoCommand, words(), never), {})
})

t.test('streams that know no width have none', async (t) => {
  t.strictSame(screenFacts(listCommand, words(), { outIsTerminal: true, environment: {} }), {})
})
