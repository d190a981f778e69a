import t from 'tap'
import {
  type ErrorCode,
  exitCodes,
  exitPartial,
  foundIfAny,
  foundOr,
  HugepoolError,
  objectionOf,
  refused,
  throwAll,
  unsupported,
  usage,
} from '../src/errors.ts'

t.test('every code has the exit status that scripts rely on', async (t) => {
  t.strictSame(exitCodes, {
    E_KERNEL: 1,
    E_REFUSED: 1,
    E_USAGE: 2,
    E_CONFIG: 2,
    E_PERMISSION: 3,
    E_UNSUPPORTED: 4,
    E_BUG: 70,
  })
  t.equal(exitPartial, 64)
  for (const [code, status] of Object.entries(exitCodes))
    t.equal(new HugepoolError(code as ErrorCode, 'kernel', 'words').exitCode, status, code)
})

t.test('an error carries its words, its hint and its signal', async (t) => {
  const error = new HugepoolError('E_KERNEL', 'stopped', 'it stopped', 'go on', 'SIGINT')
  t.match(error, {
    name: /^HugepoolError$/,
    reason: /^stopped$/,
    message: /^it stopped$/,
    hint: /^go on$/,
    signal: /^SIGINT$/,
  })
  t.equal(new HugepoolError('E_KERNEL', 'stopped', 'it stopped').hint, undefined)
})

t.test('the short ways to make an error give it its code', async (t) => {
  t.match(usage('a', 'b'), {
    code: /^E_USAGE$/,
    reason: /^wrong-words$/,
    message: /^a$/,
    hint: /^b$/,
  })
  t.match(usage('a', 'b', 'not-whole'), { code: /^E_USAGE$/, reason: /^not-whole$/ })
  t.match(unsupported('no-size', 'a', 'b'), {
    code: /^E_UNSUPPORTED$/,
    reason: /^no-size$/,
    message: /^a$/,
    hint: /^b$/,
  })
  t.match(refused('margin', 'a', 'b'), {
    code: /^E_REFUSED$/,
    reason: /^margin$/,
    message: /^a$/,
    hint: /^b$/,
  })
})

t.test("a look has its result, or what becomes of an error in hugepool's words", async (t) => {
  const denied = refused('not-ours', 'it is not ours')
  const refuse = (): string => {
    throw denied
  }
  t.strictSame(
    [foundOr(() => 'here', String), foundIfAny(() => 'here'), objectionOf(() => 'here')],
    ['here', 'here', []],
  )
  t.strictSame(
    [foundOr(refuse, ({ message }) => message), foundIfAny(refuse), objectionOf(refuse)],
    ['it is not ours', undefined, [denied]],
  )
  const fault = new TypeError('a fault')
  const fail = (): never => {
    throw fault
  }
  for (const look of [() => foundOr(fail, String), () => foundIfAny(fail), () => objectionOf(fail)])
    t.throws(look, fault)
})

t.test('errors that are thrown as one keep the further keys of all', async (t) => {
  const busy = new HugepoolError('E_KERNEL', 'busy', 'in use', undefined, undefined, {
    holders: [],
  })
  t.throws(() => throwAll([refused('occupied', 'taken', 'leave it\nor not'), busy]), {
    code: 'E_REFUSED',
    reason: 'occupied',
    message: 'taken; in use',
    details: {
      holders: [],
      reasons: [
        {
          code: 'E_REFUSED',
          reason: 'occupied',
          message: 'taken',
          hint: 'leave it\nor not',
          hints: ['leave it', 'or not'],
        },
        { code: 'E_KERNEL', reason: 'busy', message: 'in use' },
      ],
    },
  })
})
