import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { packagedText } from '../../../src/model/config/service/packaged-unit.ts'
import { serviceMark } from '../../../src/model/config/service/service-kind.ts'
import { timerMark } from '../../../src/model/telemetry/timer-units.ts'
import { markedFiles, unmarkedFiles } from '../../helpers/own-files.ts'
import { temporary } from '../../helpers/run.ts'
import { answerTo, at, everything, inRoot, said, without } from '../support/root.ts'

// The Debian package in the life of a machine, which lies below a directory and does not run.
// test/packages/deb.sh names both.

t.setTimeout(900_000)

const deb = process.env.HUGEPOOL_TEST_DEB ?? ''
const put = (path: string, text: string): void => {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}

/** Puts packages where dpkg finds them there, the second one as an older version would have been. */
const packages = (() => {
  const directory = temporary(t)
  execFileSync('dpkg-deb', ['--raw-extract', deb, directory])
  const control = join(directory, 'DEBIAN/control')
  const older = readFileSync(control, 'utf8').replace(/^Version: .*$/m, 'Version: 0.0.1-1')
  writeFileSync(control, older)
  // With another configuration, which an upgrade would put in place of one that nobody has changed.
  appendFileSync(join(directory, 'etc/hugepool.toml'), '# Of the older version.\n')
  execFileSync('dpkg-deb', [
    '--root-owner-group',
    '-Znone',
    '--build',
    directory,
    at('tmp/old.deb'),
  ])
  execFileSync('cp', [deb, at('tmp/new.deb')])
  return { old: '/tmp/old.deb', new: '/tmp/new.deb' }
})()

const stateOf = (): string =>
  inRoot('dpkg-query', '--showformat', `\${Version} \${Status}`, '--show', 'hugepool').stdout
const isEnabled = (unit: string): string => inRoot('systemctl', 'is-enabled', unit).stdout.trim()
const wants = '/etc/systemd/system/sysinit.target.wants/hugepool.service'
const packaged = '/usr/lib/systemd/system/hugepool.service'
const timer = '/usr/lib/systemd/system/hugepool-metrics.timer'
const configuration = '/etc/hugepool.toml'

const before = everything()

t.test('installed, it is a program with manual and completions', async (t) => {
  said('dpkg', '--install', packages.old)
  t.equal(stateOf(), '0.0.1-1 install ok installed')
  t.match(said('hugepool', 'list'), /^SIZE /)
  t.equal(
    inRoot('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'hugepool', 'list')
      .status,
    0,
  )
  t.match(said('man', '-w', '8', 'hugepool'), '/usr/share/man/man8/hugepool.8.gz')
  t.match(said('zgrep', '^.Dt', '/usr/share/man/man5/hugepool.toml.5.gz'), /^\.Dt HUGEPOOL\.TOML 5/)
  const bash =
    '. /usr/share/bash-completion/bash_completion; _completion_loader hugepool; complete -p hugepool'
  t.match(said('bash', '-c', bash), /-F _hugepool hugepool$/m)
  const zsh = 'autoload -U compinit; compinit -D -u; print $_comps[hugepool]'
  t.equal(said('zsh', '-c', zsh), '_hugepool\n')
  t.match(said('fish', '-c', 'complete -C "hugepool resi"'), /^resize\b/)
})

t.test('its configuration asks for nothing, and nothing is enabled', async (t) => {
  t.equal(inRoot('hugepool', 'check', '--quiet').status, 0)
  t.equal(isEnabled('hugepool.service'), 'disabled')
  t.equal(isEnabled('hugepool-metrics.timer'), 'disabled')
  t.equal(isEnabled('hugepool-metrics.service'), 'static')
  const { status, stdout } = inRoot(
    'hugepool',
    'service',
    '-nr',
    '-o',
    'FILE,STATE,STARTS',
    'status',
    'systemd',
  )
  t.strictSame({ status, stdout }, { status: 5, stdout: `${packaged} disabled early\n` })
})

t.test('its units are those that it would write', async (t) => {
  const printed = said('hugepool', 'service', 'print', 'systemd')
  t.equal(readFileSync(at(packaged), 'utf8'), packagedText(printed))
  const dry = said('hugepool', 'service', 'metrics', 'install', '--dry-run')
  const link = '/etc/systemd/system/timers.target.wants'
  t.equal(dry, `mkdir -p ${link}\nln -s ${timer} ${link}/hugepool-metrics.timer\n`)
})

t.test('its service is enabled by either program, and by a link alone', async (t) => {
  said('hugepool', 'service', 'install', 'systemd')
  t.equal(readlinkSync(at(wants)), packaged)
  t.notOk(existsSync(at('/etc/systemd/system/hugepool.service')))
  t.equal(isEnabled('hugepool.service'), 'enabled')
  said('systemctl', 'disable', 'hugepool.service')
  t.notOk(existsSync(at(wants)))
  said('systemctl', 'enable', 'hugepool.service')
  const { stdout } = inRoot('hugepool', 'service', '-nr', '-o', 'STATE', 'status', 'systemd')
  t.equal(stdout, 'enabled\n')
  said('hugepool', 'service', 'remove', 'systemd')
  t.equal(isEnabled('hugepool.service'), 'disabled')
  said('hugepool', 'service', 'install', 'systemd')
})

t.test('an upgrade keeps what was configured', async (t) => {
  appendFileSync(at(configuration), '[pools.2M]\npages = 3\n')
  const changed = readFileSync(at(configuration), 'utf8')
  // dpkg asks what is to be done with it, and keeps it unless told otherwise.
  const { status, stderr } = answerTo('\n', 'dpkg', '--install', packages.new)
  t.strictSame(status, 0)
  t.match(stderr, /^Configuration file '\/etc\/hugepool\.toml'$/m)
  t.match(stateOf(), / install ok installed$/)
  t.notMatch(readFileSync(at(`${configuration}.dpkg-dist`), 'utf8'), 'Of the older version')
  t.not(stateOf(), '0.0.1-1 install ok installed')
  t.equal(readFileSync(at(configuration), 'utf8'), changed)
  t.equal(isEnabled('hugepool.service'), 'enabled')
  said('dpkg', '--install', packages.new)
  t.equal(readFileSync(at(configuration), 'utf8'), changed, 'and so does the same once more')
})

/** What is not hugepool's, in the places of what is. */
const others: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(markedFiles).map((path) => [path, '# Of the administrator\n'])),
  '/etc/systemd/system/hugepool.service': '[Unit]\n',
  '/etc/systemd/system/hugepool-metrics.timer': '[Timer]\n',
  '/etc/hugepool.d/60-mine.toml': '# Of the administrator\n',
  '/etc/systemd/system/libvirtd.service.d/hugepool.conf': '[Unit]\nAfter=hugepool.service\n',
}

const mountLink = '/etc/systemd/system/local-fs.target.wants/mnt-huge.mount'

t.test('removed, it leaves the configuration, and nothing that fails at a start', async (t) => {
  for (const [path, text] of Object.entries({ ...markedFiles, ...unmarkedFiles })) put(path, text)
  put('/var/lib/hugepool/boot.json', '{}')
  put('/var/lib/prometheus/node-exporter/hugepool.prom', '# EOF\n')
  said('hugepool', 'service', 'metrics', 'install', '--textfile', '/srv/a.prom')
  t.match(
    readFileSync(at('/etc/systemd/system/hugepool-metrics.service'), 'utf8'),
    `${timerMark}\n`,
  )
  mkdirSync(dirname(at(mountLink)))
  symlinkSync('../mnt-huge.mount', at(mountLink))
  const kept = [
    ...Object.keys(markedFiles),
    ...Object.keys(unmarkedFiles),
    configuration,
    '/etc/systemd/system/hugepool-metrics.service',
  ]
  const texts = () => kept.map((path) => readFileSync(at(path), 'utf8'))
  const had = texts()
  said('dpkg', '--remove', 'hugepool')
  t.match(stateOf(), / deinstall ok config-files$/)
  t.strictSame(texts(), had)
  t.notOk(existsSync(at('/usr/bin/hugepool')))
  t.notOk(existsSync(at('/var/lib/prometheus/node-exporter/hugepool.prom')))
  const units = execFileSync('find', [
    at('/etc/systemd/system'),
    '-name',
    'hugepool*.service',
    '-type',
    'f',
  ])
  t.equal(
    `${units}`,
    `${at('/etc/systemd/system/hugepool-metrics.service')}\n`,
    'which no timer starts',
  )
})

t.test('purged, it leaves nothing', async (t) => {
  const { status, stderr } = inRoot('dpkg', '--purge', 'hugepool')
  t.strictSame({ status, stderr }, { status: 0, stderr: '' })
  // The programs that have these directories are not there: what is empty of them was made by the test.
  const directories = [
    '/var/lib/prometheus',
    '/etc/default/grub.d',
    '/etc/u-boot-menu',
    '/etc/runit',
  ]
  const all = [...directories, '/boot/firmware'].map(at)
  execFileSync('find', [...all, '-depth', '-type', 'd', '-empty', '-delete'])
  const after = everything()
  t.strictSame(
    { more: without(after, before), less: without(before, after) },
    { more: [], less: [] },
  )
})

t.test('purged, it leaves what others wrote', async (t) => {
  said('dpkg', '--install', packages.new)
  for (const [path, text] of Object.entries(others)) put(path, text)
  put('/var/lib/hugepool/boot.json', '{}')
  const { status, stderr } = inRoot('dpkg', '--purge', 'hugepool')
  t.equal(status, 0)
  t.match(stderr, 'the kernel command line keeps the words')
  for (const [path, text] of Object.entries(others))
    t.equal(readFileSync(at(path), 'utf8'), text, path)
  t.ok(existsSync(at('/var/lib/hugepool/boot.json')))
  t.notOk(existsSync(at(configuration)))
})

t.test('purged, it leaves what another hugepool has a use for', async (t) => {
  for (const path of [...Object.keys(others), '/var/lib/hugepool'])
    rmSync(at(path), { recursive: true })
  said('dpkg', '--install', packages.new)
  put('/usr/local/bin/hugepool', '#!/bin/sh\n')
  execFileSync('chmod', ['755', at('/usr/local/bin/hugepool')])
  const unit = '/etc/systemd/system/hugepool.service'
  put(unit, `${serviceMark}\n`)
  said('dpkg', '--purge', 'hugepool')
  t.equal(readFileSync(at(unit), 'utf8'), `${serviceMark}\n`)
  for (const path of [unit, '/usr/local/bin/hugepool', '/etc/systemd/system/libvirtd.service.d'])
    rmSync(at(path), { recursive: true })
})
