import t from 'tap'
import { checkDoctorWords } from '../../src/cli/typed-doctor.ts'
import { failureFacts, objectionOf } from '../../src/errors.ts'

interface Typed {
  readonly operands?: readonly string[]
  readonly values?: Readonly<Record<string, string>>
  readonly switches?: readonly string[]
}

/** What is said against words. */
const said = ({ operands = [], values = {}, switches = [] }: Typed) =>
  objectionOf(() => checkDoctorWords({ operands, values, switches: new Set(switches) })).map(
    failureFacts,
  )

const wrongWords = (message: string, hint?: string) => [
  {
    code: 'E_USAGE',
    reason: 'wrong-words',
    message,
    ...(hint !== undefined && { hint, hints: [hint] }),
  },
]

const ofMachine = 'the columns are FINDING, LEVEL, WHAT'
const ofMapping = 'the columns are CHECK, RESULT, HAS, NEEDS, WHY'

t.test('an option about a mapping needs one', async (t) => {
  t.strictSame(
    said({ switches: ['json', 'fork'] }),
    wrongWords('--fork needs an ASSIGNMENT'),
    'a switch',
  )
  t.strictSame(
    said({ values: { sysroot: '/srv', via: 'shm' } }),
    wrongWords('--via needs an ASSIGNMENT'),
    'a value',
  )
  t.strictSame(
    said({ values: { user: 'pg' }, switches: ['fork'] }),
    wrongWords('--fork needs an ASSIGNMENT'),
    'switches come first',
  )
  t.strictSame(said({ operands: ['2M=4'], values: { via: 'shm' }, switches: ['fork'] }), [])
})

t.test('the options of every command need none', async (t) => {
  t.strictSame(said({}), [])
  t.strictSame(
    said({ values: { sysroot: '/srv', color: 'always' }, switches: ['json', 'quiet'] }),
    [],
  )
})

t.test('each table has its own columns', async (t) => {
  t.strictSame(said({ values: { output: 'FINDING,LEVEL,WHAT' } }), [])
  t.strictSame(said({ operands: ['2M=4'], values: { output: 'CHECK,RESULT,HAS,NEEDS,WHY' } }), [])
  t.strictSame(
    said({ values: { output: 'FINDING,CHECK,HAS' } }),
    wrongWords("'CHECK' is no column here", ofMachine),
  )
  t.strictSame(
    said({ operands: ['2M=4'], values: { output: 'CHECK,LEVEL' } }),
    wrongWords("'LEVEL' is no column here", ofMapping),
  )
})

t.test('columns may be added, and typed in lower case', async (t) => {
  t.strictSame(said({ values: { output: '+what,Level' } }), [])
  t.strictSame(
    said({ values: { output: '+check' } }),
    wrongWords("'check' is no column here", ofMachine),
    'as it was typed',
  )
  t.strictSame(
    said({ values: { output: 'what,+level' } }),
    wrongWords("'+level' is no column here", ofMachine),
    'the plus is before all of them',
  )
  t.strictSame(
    said({ operands: ['2M=4'], values: { output: '' } }),
    wrongWords("'' is no column here", ofMapping),
  )
})

t.test('the mapping that is missing is said before a column', async (t) => {
  t.strictSame(
    said({ values: { output: 'CHECK' }, switches: ['fork'] }),
    wrongWords('--fork needs an ASSIGNMENT'),
  )
})
