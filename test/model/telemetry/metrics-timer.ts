import t from 'tap'
import { packagedText } from '../../../src/model/config/service/packaged-unit.ts'
import type { EtcEntry } from '../../../src/model/etc/etc-entry.ts'
import {
  planTimer,
  planTimerRemoval,
  type TimerFacts,
  textfileIn,
  timerFiles,
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
  return { service, timer, link: { kind: 'link', to: timerFiles.timer }, runs: true }
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
      { do: 'unlink', path: timerFiles.link, to: timerFiles.timer },
      { do: 'remove', path: timerFiles.timer, before: timerText },
      { do: 'remove', path: timerFiles.service, before: serviceText },
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

const unitsOfPackage = {
  service: {
    path: '/usr/lib/systemd/system/hugepool-metrics.service',
    text: packagedText(serviceText),
  },
  timer: {
    path: '/usr/lib/systemd/system/hugepool-metrics.timer',
    text: packagedText(timerText),
  },
}
const ofPackage: TimerFacts = { ...bare, packaged: unitsOfPackage }
const linked: EtcEntry = { kind: 'link', to: unitsOfPackage.timer.path }
const enable = { do: 'link', path: timerFiles.link, to: unitsOfPackage.timer.path }

t.test(
  'those of the package of hugepool are enabled, and only what differs is written',
  async (t) => {
    const { service, timer } = unitsOfPackage
    const { steps, programs } = planTimer(ofPackage, program, usual)
    t.strictSame({ steps, programs: programs.length }, { steps: [enable], programs: 2 })
    t.strictSame(timerPaths(ofPackage, steps), [service.path, timer.path])
    t.strictSame(planTimer({ ...ofPackage, link: linked }, program, usual).steps, [])

    const elsewhere = planTimer(ofPackage, program, { ...usual, textfile: '/a.prom' }).steps
    t.strictSame(
      elsewhere.map(({ do: what, path }) => [what, path]),
      [
        ['replace', timerFiles.service],
        ['link', timerFiles.link],
      ],
    )
    t.strictSame(elsewhere.at(-1), enable)
    t.strictSame(timerPaths(ofPackage, elsewhere), [timerFiles.service, timer.path])

    const others = { service: { ...service, text: 'x' }, timer: { ...timer, text: 'x' } }
    t.strictSame(
      planTimer({ ...bare, packaged: others }, program, usual).steps,
      planTimer(bare, program, usual).steps,
    )
    const written = { ...installed(), packaged: unitsOfPackage }
    t.strictSame(planTimer(written, program, usual).steps, [], 'what was written before stays')
    t.strictSame(timerPaths(written, []), [timerFiles.service, timerFiles.timer])
    t.strictSame(planTimer({ ...written, link: nothing }, program, usual).steps.at(-1), {
      ...enable,
      to: timerFiles.timer,
    })
  },
)

t.test('those of the package of hugepool are disabled, and stay', async (t) => {
  t.strictSame(planTimerRemoval({ ...ofPackage, link: linked }).steps, [
    { do: 'unlink', path: timerFiles.link, to: unitsOfPackage.timer.path },
  ])
  t.strictSame(planTimerRemoval(ofPackage), { steps: [], programs: [] })
  t.strictSame(timerPaths(ofPackage, []), [unitsOfPackage.service.path, unitsOfPackage.timer.path])
  t.equal(textfileIn(ofPackage), usualTextfile)
  const others = { service: { path: '/x', text: `${mark}x\n --output /a.prom\n` } }
  t.equal(textfileIn({ ...bare, packaged: others }), undefined)
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
      t.throws(() => planTimer(facts, program, usual), refusal(timerFiles[key]))
      t.throws(() => planTimerRemoval(facts), refusal(timerFiles[key]))
    }
  for (const entry of [file, link])
    t.throws(() => planTimer({ ...bare, link: entry }, program, usual), refusal(timerFiles.link))
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
  const noted = holders.replace('[Service]', '[Service]\n# With --output /old.prom until May.')
  t.equal(textfileIn({ ...bare, service: { kind: 'file', text: noted } }), usualTextfile)
})
