import t from 'tap'
import {
  type ErrorCode,
  exitCodes,
  exitPartial,
  HugepoolError,
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
    t.equal(new HugepoolError(code as ErrorCode, 'words').exitCode, status, code)
})

t.test('an error carries its words, its hint and its signal', async (t) => {
  const error = new HugepoolError('E_KERNEL', 'stopped', 'go on', 'SIGINT')
  t.match(error, {
    name: /^HugepoolError$/,
    message: /^stopped$/,
    hint: /^go on$/,
    signal: /^SIGINT$/,
  })
  t.equal(new HugepoolError('E_KERNEL', 'stopped').hint, undefined)
})

t.test('the short ways to make an error give it its code', async (t) => {
  t.match(usage('a', 'b'), { code: /^E_USAGE$/, message: /^a$/, hint: /^b$/ })
  t.match(unsupported('a', 'b'), { code: /^E_UNSUPPORTED$/, message: /^a$/, hint: /^b$/ })
  t.match(refused('a', 'b'), { code: /^E_REFUSED$/, message: /^a$/, hint: /^b$/ })
})

t.test('errors that are thrown as one keep the further keys of all', async (t) => {
  const busy = new HugepoolError('E_KERNEL', 'busy', undefined, undefined, { holders: [] })
  t.throws(() => throwAll([refused('taken', 'leave it'), busy]), {
    code: 'E_REFUSED',
    message: 'taken; busy',
    details: {
      holders: [],
      reasons: [
        { code: 'E_REFUSED', message: 'taken', hint: 'leave it' },
        { code: 'E_KERNEL', message: 'busy' },
      ],
    },
  })
})
