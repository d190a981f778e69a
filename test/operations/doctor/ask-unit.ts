import t from 'tap'
import { failureFacts, HugepoolError } from '../../../src/errors.ts'
import type { ProgramAnswer } from '../../../src/kernel/run-program.ts'
import { askUnit } from '../../../src/operations/doctor/ask-unit.ts'
import { portsOn } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

const found = (
  t: Parameters<typeof temporary>[0],
  name: string,
  answer?: Partial<ProgramAnswer>,
) => {
  const run = async () => ({ status: 0, stdout: '', stderr: '', ...answer })
  return askUnit({ ...portsOn(temporary(t)), ...(answer && { run }) }, name).then(
    ({ slice }) => slice,
    (error) => {
      if (!(error instanceof HugepoolError)) throw error
      return failureFacts(error)
    },
  )
}

const code = 'E_USAGE'
const reason = 'wrong-words'

t.test('the settings of a unit, whatever characters its name has', async (t) => {
  const stdout = 'LoadState=loaded\nSlice=a.slice\n'
  for (const name of ['db', 'db@1', 'db@.x.service', 'a\\x2db@c\\x2dd.service', '@', '-.mount'])
    t.equal(await found(t, name, { stdout }), 'a.slice', name)
})

t.test('patterns and templates', async (t) => {
  for (const name of ['d*', 'd?', 'd[ab]'])
    t.strictSame(await found(t, name, {}), {
      code,
      reason,
      message: `'${name}' is a pattern`,
      hint: 'name one unit',
      hints: ['name one unit'],
    })
  t.strictSame(await found(t, 'db@.service', {}), {
    code,
    reason,
    message: "'db@.service' is a template",
    hint: "name an instance, as in 'db@1.service'",
    hints: ["name an instance, as in 'db@1.service'"],
  })
  t.strictSame(await found(t, 'db@', {}), {
    code,
    reason,
    message: "'db@' is a template",
    hint: "name an instance, as in 'db@1'",
    hints: ["name an instance, as in 'db@1'"],
  })
})

t.test('units that are not loaded', async (t) => {
  t.strictSame(await found(t, 'db', { stdout: 'LoadState=not-found\nMainPID=0\n' }), {
    code,
    reason: 'no-file',
    message: "there is no unit 'db'",
  })
  t.strictSame(await found(t, 'db', { stdout: 'LoadState=masked\nMainPID=0\n' }), {
    code,
    reason: 'no-file',
    message: "the unit 'db' cannot be started: masked",
    hint: "'systemctl status db' says why",
    hints: ["'systemctl status db' says why"],
  })
  t.equal(
    await found(t, 'db', { stdout: 'LoadState=masked\nMainPID=7\nSlice=a.slice\n' }),
    'a.slice',
    'it runs nevertheless',
  )
})

t.test('without an answer', async (t) => {
  t.strictSame(await found(t, 'db'), {
    code: 'E_UNSUPPORTED',
    reason: 'recording',
    message: 'no unit of a recorded machine can be asked',
  })
  t.strictSame(await found(t, 'db', { status: 1, stderr: ' no bus\n' }), {
    code: 'E_UNSUPPORTED',
    reason: 'no-systemd',
    message: 'systemctl does not tell of db: no bus',
  })
})
