import t from 'tap'
import type { EtcEntry } from '../../../src/model/etc/etc-entry.ts'
import {
  planTimer,
  planTimerRemoval,
  type TimerFacts,
  textfileIn,
  timerPaths,
  usualTextfile,
} from '../../../src/model/telemetry/metrics-timer.ts'
import {
  timerMark as mark,
  timerText,
  writingText,
} from '../../../src/model/telemetry/timer-units.ts'

const program = ['/usr/bin/node', '/usr/lib/hugepool/bin/hugepool.js']
const nothing: EtcEntry = { kind: 'nothing' }
const bare: TimerFacts = { service: nothing, timer: nothing, link: nothing, runs: true }

const usual = { textfile: usualTextfile, holders: false }

const installed = (textfile = usualTextfile): TimerFacts => {
  const texts = planTimer(bare, program, { textfile, holders: false }).steps.flatMap((step) =>
    step.do === 'replace' ? [{ kind: 'file' as const, text: step.after }] : [],
  )
  const [service = nothing, timer = nothing] = texts
  return { service, timer, link: { kind: 'link', to: timerPaths.timer }, runs: true }
}

const serviceText = writingText(program, usual)

t.test('two units and a link, of which systemd is told', async (t) => {
  const write = (path: string, after: string) => ({
    do: 'replace',
    path,
    after,
    shell: [`cat > ${path} <<'END'\n${after}END`],
  })
  const steps = [
    write('/etc/systemd/system/hugepool-metrics.service', serviceText),
    write('/etc/systemd/system/hugepool-metrics.timer', timerText),
    {
      do: 'link',
      path: '/etc/systemd/system/timers.target.wants/hugepool-metrics.timer',
      to: '/etc/systemd/system/hugepool-metrics.timer',
    },
  ]
  t.strictSame(planTimer(bare, program, usual), {
    steps,
    programs: [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'start', 'hugepool-metrics.timer'],
    ],
  })
  t.strictSame(planTimer({ ...bare, runs: false }, program, usual), {
    steps,
    programs: [],
  })
})

t.test('nothing where all is there, and what differs otherwise', async (t) => {
  const facts = installed()
  t.strictSame(planTimer(facts, program, usual), { steps: [], programs: [] })
  const relative: EtcEntry = { kind: 'link', to: '../hugepool-metrics.timer' }
  t.strictSame(planTimer({ ...facts, link: relative }, program, usual).steps, [])
  const { steps, programs } = planTimer(facts, program, {
    ...usual,
    textfile: '/a b/100%/c.prom',
  })
  t.strictSame(programs.length, 2)
  const [step, ...others] = steps
  t.strictSame(others, [])
  if (step?.do !== 'replace') throw new Error('it is written')
  t.equal(step.before, serviceText)
  t.match(step.after, '\nConditionPathIsDirectory="/a b/100%%"\n')
  t.match(step.after, ' --output "/a b/100%%/c.prom"\nReadWritePaths="/a b/100%%"\n')
})

t.test('the removal takes the link first', async (t) => {
  const facts = installed()
  t.strictSame(planTimerRemoval(facts), {
    steps: [
      { do: 'unlink', path: timerPaths.link, to: timerPaths.timer },
      { do: 'remove', path: timerPaths.timer, before: timerText },
      { do: 'remove', path: timerPaths.service, before: serviceText },
    ],
    programs: [
      ['systemctl', 'stop', 'hugepool-metrics.*'],
      ['systemctl', 'reset-failed', 'hugepool-metrics.*'],
      ['systemctl', 'daemon-reload'],
    ],
  })
  t.strictSame(planTimerRemoval({ ...facts, runs: false }).programs, [])
  t.strictSame(planTimerRemoval(bare), { steps: [], programs: [] })
  const other: EtcEntry = { kind: 'link', to: '/x' }
  t.strictSame(
    planTimerRemoval({ ...facts, link: other }).steps.map((step) => step.do),
    ['remove', 'remove'],
  )
})

t.test('units of others are left alone', async (t) => {
  const refusal = (path: string) => ({
    code: 'E_REFUSED',
    reason: 'not-ours',
    message: `${path} was not written by hugepool`,
    hint: `remove it: rm ${path}`,
  })
  const file: EtcEntry = { kind: 'file', text: `[Unit]\n${mark}\n` }
  const link: EtcEntry = { kind: 'link', to: '/dev/null' }
  for (const entry of [file, link])
    for (const key of ['service', 'timer'] as const) {
      const facts = { ...bare, [key]: entry }
      t.throws(() => planTimer(facts, program, usual), refusal(timerPaths[key]))
      t.throws(() => planTimerRemoval(facts), refusal(timerPaths[key]))
    }
  for (const entry of [file, link])
    t.throws(() => planTimer({ ...bare, link: entry }, program, usual), refusal(timerPaths.link))
})

t.test('which file the unit writes', async (t) => {
  t.equal(textfileIn(bare), undefined)
  t.equal(textfileIn(installed()), usualTextfile)
  t.equal(textfileIn(installed('/a b/100%/c.prom')), '/a b/100%/c.prom')
  const holders = writingText(program, { ...usual, holders: true })
  t.equal(textfileIn({ ...bare, service: { kind: 'file', text: holders } }), usualTextfile)
  t.equal(
    textfileIn({ ...bare, service: { kind: 'file', text: 'x --output /a.prom\n' } }),
    undefined,
  )
  t.equal(textfileIn({ ...bare, service: { kind: 'file', text: `${mark}\n` } }), undefined)
})
