import { chmodSync, mkdirSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { serviceText } from '../../../src/model/config/service/service-text.ts'
import { printedServiceSchema, serviceSchema } from '../../../src/output/schemas/service-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { lines } from '../../helpers/on-fake.ts'
import { scratch } from '../../helpers/persist.ts'
import {
  dull,
  hugepool,
  node,
  ok,
  root,
  running,
  serviceMachine,
  usual,
} from '../../helpers/service-machine.ts'

const unit = '/etc/systemd/system/hugepool.service'
const wants = '/etc/systemd/system/sysinit.target.wants/hugepool.service'
const unitText = serviceText('systemd', { words: [node, hugepool], form: 'early', late: [] })

const table = (state: string, starts = '-', last = '-') =>
  `${'INIT'.padEnd(9)}${'FILE'.padEnd(38)}${'STATE'.padEnd(state.length + 2)}${starts === '-' ? 'STARTS' : 'STARTS'}  LAST\n` +
  `systemd  ${unit}  ${state.padEnd(5)}  ${starts.padEnd(6)}  ${last}\n`

const applies = `${unit}: applies the configuration at every start, before file systems are mounted`

t.test('a unit is installed, found, and removed', async (t) => {
  const { hugepool, text, at, files, ran } = serviceMachine(t)
  const before = files()
  t.strictSame(await hugepool('service install'), {
    status: 0,
    stdout: table('enabled', 'early'),
    stderr: `hugepool: note: ${applies}\nhint: 'systemctl start hugepool' applies the configuration now\n`,
  })
  t.equal(text(unit), unitText)
  t.equal(statSync(at(unit)).mode & 0o7777, 0o644)
  t.equal(readlinkSync(at(wants)), unit)
  t.ok(ran.includes('systemctl daemon-reload'))
  const installed = files()
  t.strictSame(await hugepool('service install'), {
    status: 0,
    stdout: table('enabled', 'early'),
    stderr: `hugepool: note: ${applies}\n`,
  })
  t.strictSame(await hugepool('service remove --dry-run'), {
    status: 0,
    stdout: `rm ${wants}
rm ${unit}
systemctl reset-failed 'hugepool.service*'
systemctl daemon-reload
`,
    stderr: '',
  })
  t.strictSame(files(), installed)
  t.strictSame(await hugepool('service remove'), {
    status: 0,
    stdout: table('absent'),
    stderr: `hugepool: note: ${unit}: not there: nothing applies the configuration at a start\n`,
  })
  t.strictSame(files(), before)
  t.strictSame(
    ran.filter((line) => !line.startsWith('systemctl show')),
    [
      'systemctl daemon-reload',
      'systemctl reset-failed hugepool.service*',
      'systemctl daemon-reload',
    ],
  )
})

t.test('the init is told of what a killed hugepool has only written or removed', async (t) => {
  const answer = { ...ok, stdout: 'NeedDaemonReload=no\nWantedBy=\n' }
  const { hugepool, ran } = serviceMachine(t, running, (words) =>
    words[1] === 'show' && words.at(-1) === 'hugepool.service' ? answer : ok,
  )
  const told = (lines: readonly string[]) => lines.filter((line) => !line.includes(' show '))
  await hugepool('service install')
  ran.splice(0)
  await hugepool('service install')
  t.strictSame(told(ran.splice(0)), ['systemctl daemon-reload'])
  answer.stdout = 'NeedDaemonReload=no\nWantedBy=sysinit.target\n'
  await hugepool('service install')
  t.strictSame(told(ran.splice(0)), [])
  await hugepool('service remove')
  ran.splice(0)
  await hugepool('service remove')
  const forgotten = ['systemctl reset-failed hugepool.service*', 'systemctl daemon-reload']
  t.strictSame(told(ran.splice(0)), forgotten)
  answer.stdout = 'NeedDaemonReload=no\nWantedBy=\n'
  await hugepool('service remove')
  t.strictSame(told(ran.splice(0)), [])
})

t.test('what was told to systemd is told with a later error', async (t) => {
  const broken = (words: readonly string[]) => {
    if (words[1] === 'show') throw new HugepoolError('E_KERNEL', 'kernel', 'no more programs')
    return ok
  }
  const { hugepool } = serviceMachine(t, running, broken)
  t.strictSame(await hugepool('service install'), {
    status: 64,
    stdout: '',
    stderr: lines(
      'hugepool: no more programs',
      `hugepool: done before that: ${unit} written`,
      `hugepool: done before that: ${wants} written`,
      "hugepool: done before that: 'systemctl daemon-reload' run",
    ),
  })
})

t.test('its documents', async (t) => {
  const { hugepool } = serviceMachine(t)
  const service = {
    init: 'systemd',
    path: unit,
    state: 'enabled',
    starts: 'early',
    program: [node, '/usr/lib/node_modules/hugepool/bin/hugepool.js'],
  }
  const shown = async (words: string) => {
    const { notes, hints, version, ...rest } = serviceSchema.parse(
      parseExact((await hugepool(`${words} --json`)).stdout),
    )
    return rest
  }
  t.strictSame(await shown('service install'), { action: 'install', outcome: 'done', service })
  t.strictSame(await shown('service install'), { action: 'install', outcome: 'unchanged', service })
  t.strictSame(await shown('service'), { action: 'status', service })
  const { starts, program, ...absent } = { ...service, state: 'absent' }
  t.strictSame(await shown('service remove'), {
    action: 'remove',
    outcome: 'done',
    service: absent,
  })
})

t.test('a dry run writes nothing', async (t) => {
  const { hugepool, files, ran } = serviceMachine(t)
  const before = files()
  t.strictSame(await hugepool('service install --dry-run'), {
    status: 0,
    stdout: `cat > ${unit} <<'END'
${unitText}END
mkdir -p ${dirname(wants)}
ln -s ${unit} ${wants}
systemctl daemon-reload
`,
    stderr: '',
  })
  t.strictSame(await hugepool('service remove --dry-run'), {
    status: 0,
    stdout: '',
    stderr: 'hugepool: note: nothing to do\n',
  })
  t.strictSame(files(), before)
  t.notOk(ran.includes('systemctl daemon-reload'))
})

t.test('an image, in which systemd does not run', async (t) => {
  const { hugepool, ran } = serviceMachine(t, usual)
  t.strictSame(await hugepool('service install'), {
    status: 0,
    stdout: table('enabled', 'early'),
    stderr: `hugepool: note: ${applies}
hugepool: note: systemd does not run here: it finds the unit when it starts this machine
`,
  })
  t.strictSame(ran, [])
})

t.test('systemd that does not answer', async (t) => {
  const { hugepool, text } = serviceMachine(t, running, () => ({
    status: 1,
    stdout: '',
    stderr: 'Failed to connect to bus\nmore\n',
  }))
  const { status, stderr } = await hugepool('service install')
  t.equal(status, 0)
  t.match(stderr, "hugepool: note: 'systemctl daemon-reload' failed: Failed to connect to bus\n")
  t.equal(text(unit), unitText)
})

t.test('a program on a file system of its own', async (t) => {
  const mountinfo = `${root}2 1 8:2 / /usr/lib/node_modules rw - ext4 /dev/vda2 rw\n`
  const { hugepool, text } = serviceMachine(t, { ...running, '/proc/self/mountinfo': mountinfo })
  const { status, stdout, stderr } = await hugepool('service install')
  t.strictSame([status, stdout], [0, table('enabled', 'later')])
  t.match(
    stderr,
    'hugepool: note: /usr/lib/node_modules/hugepool/bin/hugepool.js is on /usr/lib/node_modules, which is mounted after / and /usr: the service waits for it\n',
  )
  t.match(text(unit), /^RequiresMountsFor=\/usr\/bin \/usr\/lib\/node_modules\/hugepool\/bin$/m)
  const far = mountinfo.replace('ext4 /dev/vda2', 'nfs4 server:/x')
  const other = serviceMachine(t, { ...running, '/proc/self/mountinfo': far })
  const before = other.files()
  t.hasStrict(await other.hugepool('service install'), { status: 1, stdout: '' })
  t.strictSame(other.files(), before)
})

const says = (values: Readonly<Record<string, string>>) => (words: readonly string[]) =>
  words[1] === 'show'
    ? {
        ...ok,
        stdout: Object.entries(values)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      }
    : ok

t.test('how it ended', async (t) => {
  const failed = {
    ActiveState: 'failed',
    Result: 'exit-code',
    ConditionResult: 'yes',
    ExecMainCode: '1',
    ExecMainStatus: '64',
    ExecMainExitTimestampMonotonic: '7',
  }
  const { hugepool, ran } = serviceMachine(t, running, says(failed))
  await hugepool('service install')
  t.strictSame(await hugepool('service status -nr'), {
    status: 5,
    stdout: `systemd ${unit} enabled early partial\n`,
    stderr: `hugepool: ${applies}; the last run fell short (exit status 64)
hint: 'journalctl -b -u hugepool' has what it said
`,
  })
  t.equal(
    ran.at(-1),
    'systemctl show --property=ActiveState --property=Result --property=ConditionResult --property=ConditionTimestampMonotonic --property=ExecMainCode --property=ExecMainStatus --property=ExecMainExitTimestampMonotonic hugepool.service',
  )
  const { stdout } = await hugepool('service --json')
  t.strictSame(serviceSchema.parse(parseExact(stdout)).service.last, {
    outcome: 'partial',
    status: 64,
    result: 'exit-code',
  })
  t.equal(
    (await hugepool('service -nr -o STATUS,NODE-PATH,HUGEPOOL-PATH')).stdout,
    '64 /usr/bin/node /usr/lib/node_modules/hugepool/bin/hugepool.js\n',
  )
})

const status = async (t: Test, files: Readonly<Record<string, string>>) => {
  const result = await serviceMachine(t, { ...running, ...files }).hugepool('service status -nr')
  return { ...result, stdout: result.stdout.replace(`systemd ${unit} `, '') }
}

t.test('the answer is no', async (t) => {
  t.strictSame(await status(t, {}), {
    status: 5,
    stdout: 'absent - -\n',
    stderr: `hugepool: ${unit}: not there: nothing applies the configuration at a start
hint: 'hugepool service install' installs it
`,
  })
  t.strictSame(await status(t, { [unit]: unitText }), {
    status: 5,
    stdout: 'disabled early -\n',
    stderr: `hugepool: ${unit}: is installed and not enabled: nothing starts it
hint: 'hugepool service install' writes it anew
`,
  })
  t.strictSame(await status(t, { [unit]: '[Unit]\n' }), {
    status: 5,
    stdout: 'foreign - -\n',
    stderr: `hugepool: ${unit}: was not written by hugepool\n`,
  })
  t.strictSame(await status(t, { [unit]: '' }), {
    status: 5,
    stdout: 'masked - -\n',
    stderr: `hugepool: ${unit}: masks the service: nothing starts it
hint: 'systemctl unmask hugepool' removes the mask
`,
  })
  const packaged = '/usr/lib/systemd/system/hugepool.service'
  const { stdout } = await status(t, { [packaged]: '[Unit]\n' })
  t.equal(stdout, `systemd ${packaged} foreign - -\n`)
})

t.test('a program that is gone is said', async (t) => {
  const gone = unitText.replaceAll(hugepool, '/opt/gone/hugepool.js')
  const { hugepool: command, at } = serviceMachine(t, { ...running, [unit]: gone })
  mkdirSync(at(dirname(wants)))
  symlinkSync(unit, at(wants))
  t.strictSame(await command('service status -n -r -o STATE'), {
    status: 5,
    stdout: 'enabled\n',
    stderr: `hugepool: ${applies}
hugepool: ${unit}: /opt/gone/hugepool.js: not there, so it cannot start
hint: 'hugepool service install' writes it anew
`,
  })
  const { stdout } = await command('service --json')
  t.strictSame(serviceSchema.parse(parseExact(stdout)).service.missing, ['/opt/gone/hugepool.js'])
  await command('service install')
  t.hasStrict(await command('service -q'), { status: 0, stderr: '' })
})

t.test('another target may want it', async (t) => {
  const { hugepool: command, at } = serviceMachine(t, { ...running, [unit]: unitText })
  const other = at('/etc/systemd/system/multi-user.target.requires')
  mkdirSync(other)
  symlinkSync(unit, join(other, 'hugepool.service'))
  t.equal((await command('service -nr -o STATE')).stdout, 'enabled\n')
})

t.test('a service of others stays, but for --force', async (t) => {
  const foreign = '[Service]\nExecStart=/bin/true\n'
  const { hugepool: command, files, text, at } = serviceMachine(t, { ...running, [unit]: foreign })
  chmodSync(at(unit), 0o600)
  const before = files()
  t.strictSame(await command('service install'), {
    status: 1,
    stdout: '',
    stderr: `hugepool: ${unit} was not written by hugepool
hint: --force replaces it; the changes of an administrator belong into hugepool.service.d
`,
  })
  t.hasStrict(await command('service install --dry-run'), { status: 1, stdout: '' })
  t.hasStrict(await command('service remove'), { status: 1, stdout: '' })
  t.strictSame(files(), before)
  t.hasStrict(await command('service install --force'), { status: 0 })
  t.equal(text(unit), unitText)
  t.equal(statSync(at(unit)).mode & 0o7777, 0o600, 'the mode is kept')
})

t.test('the other inits', async (t) => {
  const mountinfo = { '/proc/self/mountinfo': root, [node]: '', [hugepool]: '' }
  const openrc = serviceMachine(t, {
    ...mountinfo,
    '/etc/runlevels/boot/sysctl': '',
    '/etc/init.d/x': '',
  })
  t.strictSame(await openrc.hugepool('service install -nr'), {
    status: 0,
    stdout: 'openrc /etc/init.d/hugepool enabled early -\n',
    stderr: `hugepool: note: /etc/init.d/hugepool: applies the configuration at every start, before file systems are mounted
hint: 'rc-service hugepool start' applies the configuration now
`,
  })
  t.equal(statSync(openrc.at('/etc/init.d/hugepool')).mode & 0o7777, 0o755)
  t.equal(readlinkSync(openrc.at('/etc/runlevels/boot/hugepool')), '/etc/init.d/hugepool')
  t.hasStrict(await openrc.hugepool('service remove'), { status: 0 })
  const runit = serviceMachine(t, { ...mountinfo, '/etc/runit/core-services/08-sysctl.sh': '' })
  t.hasStrict(await runit.hugepool('service install -nr'), {
    status: 0,
    stdout: 'runit /etc/runit/core-services/09-hugepool.sh enabled later -\n',
  })
  const sysvinit = serviceMachine(t, {
    ...mountinfo,
    '/etc/inittab': '',
    '/etc/rcS.d/S01x': '',
    '/etc/init.d/x': '',
    '/usr/sbin/update-rc.d': '',
  })
  t.strictSame(await sysvinit.hugepool('service install -nr'), {
    status: 0,
    stdout: 'sysvinit /etc/init.d/hugepool disabled later -\n',
    stderr: `hugepool: note: /etc/init.d/hugepool: is installed and not enabled: nothing starts it
hint: 'update-rc.d hugepool defaults' enables it
hint: 'service hugepool start' applies the configuration now
`,
  })
  const made = ['update-rc.d hugepool defaults']
  t.strictSame(sysvinit.ran, made)
  // Without its links it is told once more, with them it is not.
  await sysvinit.hugepool('service install')
  t.strictSame(sysvinit.ran, [...made, ...made])
  scratch(sysvinit.at('/'), { '/etc/rcS.d/S09hugepool': '' })
  await sysvinit.hugepool('service install')
  t.equal(sysvinit.ran.length, 2)
  t.equal((await sysvinit.hugepool('service -nr -o STATE')).stdout, 'enabled\n')
})

t.test('no init, or another', async (t) => {
  const { hugepool: command } = serviceMachine(t, { '/proc/self/mountinfo': root })
  t.strictSame(await command('service install'), {
    status: 4,
    stdout: '',
    stderr: `hugepool: none of the programs is found that start a machine: systemd, openrc, sysvinit, runit
hint: 'hugepool service print INIT' writes a service for one of them
`,
  })
  t.strictSame(await command('service status openrc'), {
    status: 4,
    stdout: '',
    stderr: `hugepool: openrc does not start this machine: /etc/runlevels/boot is missing
hint: 'hugepool service print openrc' writes its service
`,
  })
})

t.test('a recorded machine', async (t) => {
  const recorded = serviceMachine(t, running, dull, false)
  const before = recorded.files()
  for (const action of ['install', 'remove'])
    t.strictSame(await recorded.hugepool(`service ${action}`), {
      status: 4,
      stdout: '',
      stderr: `hugepool: ${recorded.root} is not the running kernel: it starts no services\n`,
    })
  t.hasStrict(await recorded.hugepool('service status -nr'), {
    status: 5,
    stdout: `systemd ${unit} absent - -\n`,
  })
  t.strictSame(recorded.files(), before)
})

t.test('texts are printed', async (t) => {
  const { hugepool: command } = serviceMachine(t)
  t.strictSame(await command('service print'), { status: 0, stdout: unitText, stderr: '' })
  for (const kind of ['openrc', 'sysvinit', 'runit'] as const) {
    const form = kind === 'openrc' ? 'early' : 'later'
    const text = serviceText(kind, { words: [node, hugepool], form, late: [] })
    t.strictSame(await command(`service print ${kind}`), { status: 0, stdout: text, stderr: '' })
  }
  t.strictSame(await command('service print kubelet --requires'), {
    status: 0,
    stdout: `# /etc/systemd/system/kubelet.service.d/hugepool.conf
[Unit]
After=hugepool.service
Requires=hugepool.service
`,
    stderr: '',
  })
  const shown = async (words: string) =>
    printedServiceSchema.parse(parseExact((await command(`service print ${words} --json`)).stdout))
  t.strictSame(await shown('systemd'), {
    version: 1,
    action: 'print',
    init: 'systemd',
    paths: [unit],
    text: unitText,
  })
  t.strictSame(await shown('dpdk'), {
    version: 1,
    action: 'print',
    paths: ['/etc/systemd/system/dpdk.service.d/hugepool.conf'],
    text: `# /etc/systemd/system/dpdk.service.d/hugepool.conf
[Unit]
After=hugepool.service
Wants=hugepool.service
`,
  })
})

t.test('words that are wrong', async (t) => {
  const { hugepool: command, files } = serviceMachine(t)
  const before = files()
  const cases: readonly (readonly [string, string])[] = [
    ['enable', "'enable' is nothing that can be done"],
    ['install upstart', "'upstart' is no init that is known"],
    ['print a/b', "'a/b' is not the name of a unit"],
    ['print systemd --requires', "--requires is for 'print' and a consumer"],
    ['install --requires', "--requires is for 'print' and a consumer"],
    ['remove --force', "--force is for 'install'"],
    ['status --dry-run', "--dry-run is for 'install' and 'remove'"],
    ['install systemd x', "'x' is one word too many for service"],
  ]
  for (const [words, said] of cases) {
    const { status, stdout, stderr } = await command(`service ${words}`)
    t.strictSame([status, stdout, stderr.split('\n')[0]], [2, '', `hugepool: ${said}`], words)
  }
  t.strictSame(files(), before)
})

t.test('an unfinished file beside the unit goes, also where nothing is written', async (t) => {
  const { hugepool, at, files } = serviceMachine(t)
  await hugepool('service install')
  const installed = files()
  writeFileSync(at('/etc/systemd/system/.#hugepool-0a1b2c3d'), '')
  t.equal((await hugepool('service install')).status, 0)
  t.strictSame(files(), installed)
})
