import t from 'tap'
import { packagedText } from '../../../src/model/config/service/packaged-unit.ts'
import { timerText, writingText } from '../../../src/model/telemetry/timer-units.ts'
import { metricsTimerSchema } from '../../../src/output/schemas/service-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { lines } from '../../helpers/on-fake.ts'
import {
  hugepool,
  node,
  ok,
  running,
  serviceMachine,
  usual,
} from '../../helpers/service-machine.ts'

const directory = 'etc/systemd/system'
const service = `${directory}/hugepool-metrics.service`
const timer = `${directory}/hugepool-metrics.timer`
const link = `${directory}/timers.target.wants/hugepool-metrics.timer`
const textfile = '/var/lib/prometheus/node-exporter/hugepool.prom'

interface Ended {
  readonly outcome: string
}

const asked =
  'systemctl show --property=ActiveState --property=NeedDaemonReload --property=WantedBy hugepool-metrics.timer hugepool-metrics.service'

const installedWords = (file = textfile) =>
  `hugepool: note: /${timer}: ${file} is written every 15 seconds\n`

t.test('installed and started, again, elsewhere, and removed', async (t) => {
  const made = serviceMachine(t)
  const { files, text, ran } = made
  const result = { status: 0, stdout: '' }
  t.strictSame(await made.hugepool('service metrics install'), {
    ...result,
    stderr: installedWords(),
  })
  t.equal(files()[link], `/${timer}`)
  t.match(text(service), `\nExecStart=${node} ${hugepool} metrics --cgroups --output ${textfile}\n`)
  t.match(text(timer), '\nOnCalendar=*:*:0/15\n')
  const told = ['systemctl daemon-reload', 'systemctl start hugepool-metrics.timer']
  t.strictSame(ran, told)

  await made.hugepool('service metrics install')
  t.strictSame(ran, [...told, asked], 'nobody is told of what is unchanged')
  ran.pop()

  const other = await made.hugepool('service metrics install --textfile /srv/a.prom')
  t.strictSame(other, { ...result, stderr: installedWords('/srv/a.prom') })
  t.match(text(service), ' --output /srv/a.prom\n')
  t.strictSame(ran, [...told, ...told])

  await made.hugepool('service metrics install --textfile /srv/a.prom --holders')
  t.match(text(service), ' --cgroups --holders --output /srv/a.prom\n')
  ran.splice(4)

  t.strictSame(await made.hugepool('service metrics remove'), {
    ...result,
    stderr: lines(
      `hugepool: note: /${timer}: removed`,
      "hint: 'rm /srv/a.prom' takes the last values away",
    ),
  })
  t.strictSame(
    [service, timer, link].filter((path) => path in files()),
    [],
  )
  t.strictSame(ran.slice(4), [
    'systemctl stop hugepool-metrics.*',
    'systemctl reset-failed hugepool-metrics.*',
    'systemctl daemon-reload',
  ])
  t.strictSame(await made.hugepool('service metrics remove'), {
    ...result,
    stderr: `hugepool: note: /${timer}: not there\n`,
  })
  t.strictSame(ran.slice(7), [asked])
})

t.test('systemd is told of what a killed hugepool has only written or removed', async (t) => {
  const unit = (active: string, wanted: string, stale = 'no') =>
    `ActiveState=${active}\nNeedDaemonReload=${stale}\nWantedBy=${wanted}\n`
  const known = `${unit('active', 'timers.target')}\n${unit('inactive', '')}`
  const forgotten = `${unit('inactive', '')}\n${unit('inactive', '')}`
  const answer = { ...ok, stdout: '' }
  const made = serviceMachine(t, running, (words) => (words[1] === 'show' ? answer : ok))
  const install = 'service metrics install'
  const told = [asked, 'systemctl daemon-reload', 'systemctl start hugepool-metrics.timer']
  const removed = [
    asked,
    'systemctl stop hugepool-metrics.*',
    'systemctl reset-failed hugepool-metrics.*',
    'systemctl daemon-reload',
  ]
  await made.hugepool(install)
  for (const [stdout, line, programs] of [
    [known, install, [asked]],
    [forgotten, install, told],
    [known.replace('active', 'inactive'), install, told],
    [`${unit('active', 'timers.target')}\n${unit('inactive', '', 'yes')}`, install, told],
  ] as const) {
    made.ran.splice(0)
    answer.stdout = stdout
    const { outcome } = parseExact((await made.hugepool(`${line} --json`)).stdout) as Ended
    t.strictSame(
      [made.ran, outcome],
      [programs, programs.length > 1 ? 'done' : 'unchanged'],
      stdout,
    )
  }
  t.match((await made.hugepool(`${install} --dry-run`)).stdout, told.slice(1).join('\n'))
  await made.hugepool('service metrics remove')
  for (const [stdout, programs] of [
    [forgotten, [asked]],
    [known, removed],
    [`${unit('inactive', '')}\n${unit('failed', '')}`, removed],
  ] as const) {
    made.ran.splice(0)
    answer.stdout = stdout
    await made.hugepool('service metrics remove')
    t.strictSame(made.ran, programs, stdout)
  }
})

t.test('what a killed hugepool left is taken away', async (t) => {
  const left = `${directory}/.#hugepool-0a1b2c3d`
  const made = serviceMachine(t, { ...running, [`/${left}`]: 'half' })
  t.equal((await made.hugepool('service metrics remove')).status, 0)
  t.notOk(left in made.files())
})

t.test('a dry run of the removal prints what does the same', async (t) => {
  const made = serviceMachine(t)
  await made.hugepool('service metrics install')
  t.strictSame(await made.hugepool('service metrics remove --dry-run'), {
    status: 0,
    stdout: lines(
      `rm /${link}`,
      `rm /${timer}`,
      `rm /${service}`,
      "systemctl stop 'hugepool-metrics.*'",
      "systemctl reset-failed 'hugepool-metrics.*'",
      'systemctl daemon-reload',
    ),
    stderr: '',
  })
})

t.test('as documents', async (t) => {
  const made = serviceMachine(t)
  const documentOf = async (line: string) =>
    metricsTimerSchema.parse(parseExact((await made.hugepool(`${line} --json`)).stdout))
  const told = { version: 1, paths: [`/${service}`, `/${timer}`], textfile }
  const { notes: _, ...installed } = await documentOf('service metrics install')
  t.strictSame(installed, { ...told, action: 'metrics install', outcome: 'done' })
  t.equal((await documentOf('service metrics install')).outcome, 'unchanged')
  const { notes: __, hints: ___, ...removed } = await documentOf('service metrics remove')
  t.strictSame(removed, { ...told, action: 'metrics remove', outcome: 'done' })
  t.notOk('textfile' in (await documentOf('service metrics remove')))
})

t.test('a dry run prints what does the same, and does nothing', async (t) => {
  const made = serviceMachine(t)
  const before = made.files()
  const { status, stdout, stderr } = await made.hugepool('service metrics install --dry-run')
  t.strictSame([status, stderr, made.ran, made.files()], [0, '', [], before])
  t.match(stdout, `cat > /${service} <<'END'\n`)
  t.ok(
    stdout.endsWith(
      lines(
        `mkdir -p /${directory}/timers.target.wants`,
        `ln -s /${timer} /${link}`,
        'systemctl daemon-reload',
        'systemctl start hugepool-metrics.timer',
      ),
    ),
    stdout,
  )
})

t.test('a dry run prints nothing where there is no place for the files', async (t) => {
  const { '/etc/systemd/system/.keep': _, ...without } = running
  const made = serviceMachine(t, without)
  const real = await made.hugepool('service metrics install')
  t.strictSame([real.status, real.stdout], [4, ''])
  t.strictSame(await made.hugepool('service metrics install --dry-run'), real)
})

t.test('systemd that does not answer is told of', async (t) => {
  const made = serviceMachine(t, running, () => ({ ...ok, status: 1, stderr: 'no bus\nx\n' }))
  const { status, stderr } = await made.hugepool('service metrics install')
  t.strictSame(
    [status, stderr],
    [
      0,
      lines(
        installedWords().trimEnd(),
        "hugepool: note: 'systemctl daemon-reload' failed: no bus",
        "hugepool: note: 'systemctl start hugepool-metrics.timer' failed: no bus",
      ),
    ],
  )
})

t.test('into an image, whose systemd finds it at its start', async (t) => {
  const made = serviceMachine(t, usual)
  t.equal((await made.hugepool('service metrics install')).status, 0)
  t.strictSame([made.ran, made.files()[link]], [[], `/${timer}`])
})

t.test('where it cannot be', async (t) => {
  const { '/etc/systemd/system/.keep': _, ...without } = usual
  const status = async (
    line: string,
    ...given: Parameters<typeof serviceMachine> extends [unknown, ...infer R] ? R : never
  ) => (await serviceMachine(t, ...given).hugepool(line)).status
  t.equal(await status('service metrics install', without), 4)
  t.equal(await status('service metrics install', running, undefined, false), 4)
  t.equal(await status('service metrics remove', running, undefined, false), 4)
  t.equal(await status('service metrics install', { ...running, [`/${timer}`]: 'x\n' }), 1)
})

t.test('what is in its way is named as this machine has it', async (t) => {
  for (const path of [service, timer, link]) {
    const made = serviceMachine(t, { ...running, [`/${path}/x`]: '' })
    for (const line of ['service metrics install', 'service metrics install --dry-run'])
      t.strictSame(await made.hugepool(line), {
        status: 1,
        stdout: '',
        stderr: `hugepool: /${path} is not a regular file\n`,
      })
  }
})

t.test('wrong words', async (t) => {
  const made = serviceMachine(t)
  for (const [words, message] of [
    ['metrics', 'what is to be done is missing'],
    ['metrics status', "'status' is nothing that can be done"],
    ['metrics install --textfile a.prom', "'a.prom' cannot be named in a unit"],
    ['metrics install --textfile /a"b.prom', `'/a"b.prom' cannot be named in a unit`],
    ['metrics install --textfile /a', "'/a' does not end with .prom"],
    ['metrics remove --textfile /a.prom', "--textfile is for 'metrics install'"],
    ['metrics remove --holders', "--holders is for 'metrics install'"],
    ['status --holders', "--holders is for 'metrics install'"],
    ['metrics install --requires', "--requires is not for 'metrics'"],
    ['metrics install --force', "--force is not for 'metrics'"],
    ['install --textfile /a.prom', "--textfile is for 'metrics install'"],
  ] as const) {
    const { status, stderr } = await made.hugepool(`service ${words}`)
    t.strictSame([status, stderr.split('\n')[0]], [2, `hugepool: ${message}`], words)
  }
})

t.test('the timer of the package of hugepool is enabled and disabled where it lies', async (t) => {
  const [program, wanted] = [[node, hugepool], { textfile, holders: false }]
  const directory = '/usr/lib/systemd/system'
  const made = serviceMachine(t, {
    ...running,
    [`${directory}/hugepool-metrics.service`]: packagedText(writingText(program, wanted)),
    [`${directory}/hugepool-metrics.timer`]: packagedText(timerText),
  })
  const before = made.files()
  const packaged = `${directory}/hugepool-metrics.timer`
  t.strictSame(await made.hugepool('service metrics install'), {
    status: 0,
    stdout: '',
    stderr: `hugepool: note: ${packaged}: ${textfile} is written every 15 seconds\n`,
  })
  t.equal(made.files()[link], packaged)
  t.notOk(service in made.files())
  const hint = `hint: 'rm ${textfile}' takes the last values away`
  const disabled = lines(`hugepool: note: ${packaged}: disabled`, hint)
  t.strictSame((await made.hugepool('service metrics remove')).stderr, disabled)
  t.strictSame(made.files(), before)
  const { stderr } = await made.hugepool('service metrics remove')
  t.equal(stderr, `hugepool: note: ${packaged}: not enabled\n`)
})
