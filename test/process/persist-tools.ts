import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fstabPath } from '../../src/model/mounts/persist/fstab.ts'
import { unitName, unitPath } from '../../src/model/mounts/persist/systemd-unit.ts'
import { persistMount } from '../../src/operations/mounts/persist-mount.ts'
import { unpersistMount } from '../../src/operations/mounts/unpersist-mount.ts'
import { awkwardTargets, huge, portsOn, scratch } from '../helpers/persist.ts'
import * as fc from '../helpers/property.ts'
import { temporary } from '../helpers/run.ts'

const now = { dryRun: false, wait: true }

const said = (program: string, words: readonly string[], environment = {}) => {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', ...environment }
  const { error, status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env })
  if (error !== undefined) throw error
  return { status, stdout, stderr }
}

const machine = (t: Test) => {
  const root = temporary(t)
  scratch(root, {
    [fstabPath]: '# a\n',
    '/etc/systemd/system/x.service': '',
    '/run/systemd/system/x.service': '',
  })
  return root
}

/** Every awkward directory below a place in which it can be made. */
const targetsIn = (t: Test): readonly string[] => {
  const directory = temporary(t)
  return awkwardTargets.map((target) => {
    mkdirSync(directory + target, { recursive: true })
    return directory + target
  })
}

t.test('findmnt(8) finds no fault in the lines, and reads in them what was meant', async (t) => {
  const root = machine(t)
  const targets = targetsIn(t)
  for (const target of targets)
    await persistMount(portsOn(root), { ...huge, target, minSize: 0n }, 'fstab', now)
  const file = join(root, fstabPath)
  t.match(said('findmnt', ['--verify', '--tab-file', file]), {
    status: 0,
    stdout: /Success, no errors or warnings detected/,
    stderr: /^$/,
  })
  const columns = 'TARGET,SOURCE,FSTYPE,VFS-OPTIONS,FS-OPTIONS,FREQ,PASSNO'
  const listed = said('findmnt', ['--tab-file', file, '--list', '--json', '--output', columns])
  const expected = targets.map((target) => ({
    target,
    source: 'none',
    fstype: 'hugetlbfs',
    'vfs-options': 'nosuid,nodev',
    'fs-options': 'uid=0,gid=0,mode=0755,pagesize=2M,size=8388608,min_size=0',
    freq: 0,
    passno: 0,
  }))
  t.match(JSON.parse(listed.stdout).filesystems, expected)
  for (const target of targets) await unpersistMount(portsOn(root), target, now)
  t.equal(readFileSync(file, 'utf8'), '# a\n')
})

const escaped = (paths: readonly string[]): readonly string[] =>
  said('systemd-escape', ['--path', '--suffix=mount', '--', ...paths])
    .stdout.trim()
    .split(' ')

t.test('units have the names that systemd-escape(1) gives', async (t) => {
  const parts = fc.string({ unit: fc.character, minLength: 1, maxLength: 9 })
  const paths = fc
    .array(parts, { minLength: 1, maxLength: 5 })
    .map((all) => `/${all.join('/').replaceAll(/\0|\p{Surrogate}/gu, '_')}/`)
    .filter((path) => unitName(path) !== undefined)
  const all = [...awkwardTargets, '/', '//a//./b', ...fc.sample(paths, 400)]
  t.strictSame(
    all.map((path) => unitName(path)),
    escaped(all),
  )
})

const verify = (...units: readonly string[]) => said('systemd-analyze', ['verify', ...units])

t.test('systemd-analyze(1) finds no fault in the units', async (t) => {
  const root = machine(t)
  // To it, a colon divides a unit from another name for it.
  const targets = awkwardTargets.filter((target) => !target.includes(':'))
  for (const target of targets)
    await persistMount(portsOn(root), { ...huge, target, minSize: huge.pageSize }, 'systemd', now)
  const units = targets.map((target) => join(root, unitPath(unitName(target) ?? '')))
  t.strictSame(verify(...units), { status: 0, stdout: '', stderr: '' })
  const other = join(root, unitPath('mnt-other.mount'))
  copyFileSync(join(root, unitPath('mnt-huge.mount')), other)
  t.match(verify(other), { status: 1, stderr: /Where= setting doesn't match unit name/ })
})

t.test('systemctl(1) sees a unit that is enabled, and can disable it', async (t) => {
  const root = machine(t)
  await persistMount(portsOn(root), huge, 'systemd', now)
  const systemctl = (...words: readonly string[]) =>
    said('systemctl', [`--root=${root}`, ...words, 'mnt-huge.mount'])
  t.hasStrict(systemctl('is-enabled'), { status: 0, stdout: 'enabled\n' })
  t.match(systemctl('disable'), { status: 0 })
  t.hasStrict(systemctl('is-enabled'), { status: 1, stdout: 'disabled\n' })
  t.match(systemctl('enable'), { status: 0 })
  t.hasStrict(await persistMount(portsOn(root), huge, 'systemd', now), { outcome: 'unchanged' })
  await unpersistMount(portsOn(root), huge.target, now)
  t.strictSame(readdirSync(join(root, '/etc/systemd/system')), ['x.service'])
})

const generator = 'systemd-fstab-generator'
const generatorPath = ['/usr/lib', '/lib']
  .map((directory) => `${directory}/systemd/system-generators/${generator}`)
  .find(existsSync)

t.test(
  'systemd makes a mount of a line that comes first and keeps nothing from starting',
  async (t) => {
    const root = machine(t)
    await persistMount(portsOn(root), { ...huge, minSize: huge.pageSize }, 'fstab', now)
    const units = temporary(t)
    said(generatorPath ?? generator, [units, units, units], {
      SYSTEMD_FSTAB: join(root, fstabPath),
      SYSTEMD_LOG_TARGET: 'console',
    })
    const unit = readFileSync(join(units, 'mnt-huge.mount'), 'utf8')
    t.match(unit, /^Before=local-fs\.target$/m)
    t.match(unit, /^After=systemd-sysctl\.service$/m)
    t.ok(readdirSync(join(units, 'local-fs.target.wants')).includes('mnt-huge.mount'))
    t.notOk(existsSync(join(units, 'local-fs.target.requires')))
    // What systemd itself writes names manual pages that a small machine may not have.
    t.hasStrict(verify('--man=no', join(units, 'mnt-huge.mount')), {
      status: 0,
      stderr: '',
    })
  },
)
