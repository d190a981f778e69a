import t from 'tap'
import type { EtcEntry } from '../../../src/model/etc/etc-entry.ts'
import {
  planTimer,
  planTimerRemoval,
  type TimerFacts,
  textfileIn,
  timerPlaces,
  usualTextfile,
} from '../../../src/model/telemetry/metrics-timer.ts'
import { lines } from '../../helpers/on-fake.ts'

const program = ['/usr/bin/node', '/usr/lib/hugepool/bin/hugepool.js']
const nothing: EtcEntry = { kind: 'nothing' }
const bare: TimerFacts = { service: nothing, timer: nothing, link: nothing, runs: true }

const installed = (textfile = usualTextfile): TimerFacts => {
  const texts = planTimer(bare, program, textfile).steps.flatMap((step) =>
    step.do === 'replace' ? [{ kind: 'file' as const, text: step.after }] : [],
  )
  const [service = nothing, timer = nothing] = texts
  return { service, timer, link: { kind: 'link', to: timerPlaces.timer }, runs: true }
}

const mark = "# Written by hugepool; 'hugepool service metrics remove' removes it."

const serviceText = lines(
  mark,
  '[Unit]',
  'Description=Write metrics of huge pages for node_exporter',
  'Documentation=man:hugepool-metrics(8)',
  'ConditionPathIsDirectory=/var/lib/prometheus/node-exporter',
  '',
  '[Service]',
  'Type=oneshot',
  'ExecStart=/usr/bin/node /usr/lib/hugepool/bin/hugepool.js metrics --cgroups --output /var/lib/prometheus/node-exporter/hugepool.prom',
  'ReadWritePaths=/var/lib/prometheus/node-exporter',
  'TimeoutStartSec=1min',
  'SuccessExitStatus=64',
  'LogLevelMax=notice',
  'SyslogLevel=warning',
  'CapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH',
  'NoNewPrivileges=yes',
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'LockPersonality=yes',
  'PrivateNetwork=yes',
  'RestrictAddressFamilies=AF_UNIX',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service @pkey',
  'SystemCallErrorNumber=EPERM',
  'IPAddressDeny=any',
  'KeyringMode=private',
  'UMask=0022',
)

const timerText = lines(
  mark,
  '[Unit]',
  'Description=Write metrics of huge pages every 15 seconds',
  'Documentation=man:hugepool-metrics(8)',
  '',
  '[Timer]',
  'OnCalendar=*:*:0/15',
  'AccuracySec=1s',
  '',
  '[Install]',
  'WantedBy=timers.target',
)

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
  t.strictSame(planTimer(bare, program, usualTextfile), {
    steps,
    programs: [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'start', 'hugepool-metrics.timer'],
    ],
  })
  t.strictSame(planTimer({ ...bare, runs: false }, program, usualTextfile), {
    steps,
    programs: [],
  })
})

t.test('nothing where all is there, and what differs otherwise', async (t) => {
  const facts = installed()
  t.strictSame(planTimer(facts, program, usualTextfile), { steps: [], programs: [] })
  const relative: EtcEntry = { kind: 'link', to: '../hugepool-metrics.timer' }
  t.strictSame(planTimer({ ...facts, link: relative }, program, usualTextfile).steps, [])
  const { steps, programs } = planTimer(facts, program, '/a b/100%/c.prom')
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
      { do: 'unlink', path: timerPlaces.link, to: timerPlaces.timer },
      { do: 'remove', path: timerPlaces.timer, before: timerText },
      { do: 'remove', path: timerPlaces.service, before: serviceText },
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
      t.throws(() => planTimer(facts, program, usualTextfile), refusal(timerPlaces[key]))
      t.throws(() => planTimerRemoval(facts), refusal(timerPlaces[key]))
    }
  for (const entry of [file, link])
    t.throws(
      () => planTimer({ ...bare, link: entry }, program, usualTextfile),
      refusal(timerPlaces.link),
    )
})

t.test('which file the unit writes', async (t) => {
  t.equal(textfileIn(bare), undefined)
  t.equal(textfileIn(installed()), usualTextfile)
  t.equal(textfileIn(installed('/a b/100%/c.prom')), '/a b/100%/c.prom')
  t.equal(
    textfileIn({ ...bare, service: { kind: 'file', text: 'x --output /a.prom\n' } }),
    undefined,
  )
  t.equal(textfileIn({ ...bare, service: { kind: 'file', text: `${mark}\n` } }), undefined)
})
