import t from 'tap'
import {
  isServing,
  type LastRun,
  type lastProperties,
  lastRunOf,
  type ServiceState,
  serviceWords,
} from '../../../../src/model/config/service/service-state.ts'

const shown = (values: Partial<Record<(typeof lastProperties)[number], string>>): string =>
  Object.entries({
    ActiveState: 'active',
    Result: 'success',
    ConditionResult: 'yes',
    ConditionTimestampMonotonic: '2000000',
    ExecMainCode: '1',
    ExecMainStatus: '0',
    ExecMainExitTimestampMonotonic: '3000000',
    ...values,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

const never = {
  ActiveState: 'inactive',
  ConditionResult: 'no',
  ConditionTimestampMonotonic: '0',
  ExecMainCode: '0',
  ExecMainExitTimestampMonotonic: '0',
}

t.test('what systemd tells of the last run', async (t) => {
  const cases: readonly (readonly [Parameters<typeof shown>[0], LastRun])[] = [
    [{}, { outcome: 'done', status: 0 }],
    [never, { outcome: 'none' }],
    [{ ...never, ConditionTimestampMonotonic: '' }, { outcome: 'none' }],
    [{ ...never, ConditionTimestampMonotonic: '5' }, { outcome: 'skipped' }],
    [{ ActiveState: 'activating' }, { outcome: 'running' }],
    [{ ActiveState: 'reloading' }, { outcome: 'running' }],
    [
      { ActiveState: 'failed', Result: 'exit-code', ExecMainStatus: '64' },
      { outcome: 'partial', status: 64, result: 'exit-code' },
    ],
    [
      { ActiveState: 'failed', Result: 'exit-code', ExecMainStatus: '2' },
      { outcome: 'failed', status: 2, result: 'exit-code' },
    ],
    [
      { ActiveState: 'failed', Result: 'timeout', ExecMainCode: '2', ExecMainStatus: '15' },
      { outcome: 'failed', result: 'timeout' },
    ],
    [
      { ...never, ConditionResult: 'yes', ActiveState: 'failed', Result: 'resources' },
      { outcome: 'failed', result: 'resources' },
    ],
  ]
  for (const [values, last] of cases) t.strictSame(lastRunOf(shown(values)), last)
  t.strictSame(lastRunOf(''), { outcome: 'none' }, 'nothing is known')
  t.strictSame(lastRunOf('garbage\n\n=x\n'), { outcome: 'none' })
})

const enabled: ServiceState = {
  kind: 'systemd',
  path: '/x',
  installed: 'enabled',
  form: 'early',
  program: ['/n', '/h'],
  missing: [],
}

t.test('the sentence of a service', async (t) => {
  const cases: readonly (readonly [Partial<ServiceState>, string])[] = [
    [{}, 'applies the configuration at every start, before file systems are mounted'],
    [{ form: 'later' }, 'applies the configuration at every start, after file systems are mounted'],
    [
      { last: { outcome: 'done', status: 0 } },
      'applies the configuration at every start, before file systems are mounted; the last run succeeded',
    ],
    [
      { installed: 'disabled', last: { outcome: 'none' } },
      'is installed and not enabled: nothing starts it; it did not run since this machine was started',
    ],
    [
      { installed: 'absent', last: { outcome: 'none' } },
      'not there: nothing applies the configuration at a start',
    ],
    [
      { installed: 'foreign', last: { outcome: 'running' } },
      'was not written by hugepool; it runs at this moment',
    ],
    [{ installed: 'masked', last: { outcome: 'none' } }, 'masks the service: nothing starts it'],
    [
      { installed: 'disabled', last: { outcome: 'partial', status: 64, result: 'exit-code' } },
      'is installed and not enabled: nothing starts it; the last run fell short (exit status 64)',
    ],
    [
      { installed: 'disabled', last: { outcome: 'failed', result: 'timeout' } },
      'is installed and not enabled: nothing starts it; the last run failed (timeout)',
    ],
    [
      { installed: 'disabled', last: { outcome: 'skipped' } },
      'is installed and not enabled: nothing starts it; the last run was skipped, because a condition of the unit does not hold',
    ],
  ]
  for (const [state, words] of cases)
    t.strictSame(serviceWords({ ...enabled, ...state }), [`/x: ${words}`])
  t.strictSame(serviceWords({ ...enabled, missing: ['/n', '/h'] }).slice(1), [
    '/x: /n and /h: not there, so it cannot start',
  ])
})

t.test('whether the service does its work', async (t) => {
  const outcomes = (...some: readonly LastRun['outcome'][]) =>
    some.map((outcome) => isServing({ ...enabled, last: { outcome } }))
  t.ok(isServing(enabled))
  t.strictSame(outcomes('done', 'none', 'running', 'skipped'), [true, true, true, true])
  t.strictSame(outcomes('failed', 'partial'), [false, false])
  t.notOk(isServing({ ...enabled, missing: ['/n'] }))
  for (const installed of ['disabled', 'absent', 'foreign', 'masked'] as const)
    t.notOk(isServing({ ...enabled, installed }), installed)
})
