import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { packagedText } from '../../src/model/config/service/packaged-unit.ts'
import { temporary } from '../helpers/run.ts'

// The package of rpm, which is installed below a directory that has a Debian: rpm goes into no Debian of
// its own. test/packages/rpm.sh names both.

t.setTimeout(600_000)

const top = join(import.meta.dirname, '../..')
const [made = '', root = ''] = [process.env.HUGEPOOL_TEST_RPM, process.env.HUGEPOOL_TEST_ROOT]
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
const at = (path: string): string => join(root, path)

const rpm = (...words: readonly string[]): string =>
  execFileSync('rpm', words, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, LC_ALL: 'C' },
  })
const there = ['--root', root, '--dbpath', '/var/lib/rpm']
/** There is no package of rpm below the directory that could have the libraries. */
const inRoot = (...words: readonly string[]): string => rpm(...there, '--nodeps', ...words)

t.test('the fields and the files', async (t) => {
  const format = '%{NAME} %{VERSION}-%{RELEASE} %{ARCH}'
  const arch = rpm('--eval', '%{_arch}').trim()
  t.equal(rpm('-qp', '--queryformat', format, made), `hugepool ${version}-1 ${arch}`)
  const owners = rpm(
    '-qp',
    '--queryformat',
    '[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILENAMES}\n]',
    made,
  )
  for (const line of owners.trim().split('\n'))
    t.match(
      line,
      /^(?:-rwxr-xr-x root:root \/usr\/bin\/hugepool|-rw-r--r-- root:root .*[^/]|drwxr-xr-x root:root \/(?:etc\/hugepool\.d|usr\/share\/(?:doc|licenses)\/hugepool))$/,
    )
  t.equal(rpm('-qp', '--configfiles', made), '/etc/hugepool.toml\n')
  t.match(rpm('-qp', '--licensefiles', made), '/usr/share/licenses/hugepool/LICENSE\n')
  const requires = rpm('-qp', '--requires', made)
  const glibcs = [...requires.matchAll(/^libc\.so\.6\(GLIBC_2\.(\d+)\)\(64bit\)$/gm)]
  // Node's own: the addon is built for an older one.
  t.equal(Math.max(...glibcs.map(([, minor]) => Number(minor))), 28)
  t.match(owners, ' /usr/share/zsh/site-functions/_hugepool\n')
})

t.test('a release knows the program that is inside', async (t) => {
  const { programInside } = await import(`${top}/bin/release/program-inside.mjs`)
  const program = readFileSync(join(top, `release/hugepool-${version}-linux-${process.arch}`))
  const sum = createHash('sha256').update(program).digest('hex')
  t.strictSame(programInside(made), { algorithm: 'sha256', sum })
})

t.test('what is inside is listed with it', async (t) => {
  t.match(rpm('-qp', '--docfiles', made), '/usr/share/doc/hugepool/sbom.cdx.json\n')
})

t.test('rpmlint(1) finds nothing', async (t) => {
  const config = join(top, 'bin/packages/rpm/rpmlint.toml')
  const words = ['--config', config, join(top, 'release/hugepool.spec'), made]
  const { status, stdout } = spawnSync('rpmlint', words, { encoding: 'utf8' })
  t.match(stdout, ' 0 errors, 0 warnings,')
  t.equal(status, 0)
})

t.test('made again elsewhere, it is the same', async (t) => {
  const copy = join(temporary(t), 'at/another/place')
  mkdirSync(join(copy, 'release'), { recursive: true })
  const parts = ['bin', 'src', 'man', 'dist', 'test/vm', 'package.json', 'LICENSE', 'README.md']
  execFileSync('cp', ['-r', '--parents', ...parts, 'CHANGELOG.md', copy], { cwd: top })
  for (const path of [
    'native',
    'node_modules',
    `release/hugepool-${version}-linux-${process.arch}`,
  ])
    symlinkSync(join(top, path), join(copy, path))
  const line = `umask 077; exec faketime '2031-12-30 22:00:00' node bin/packages/rpm/make.mjs`
  const again = spawnSync('sh', ['-c', line], { cwd: copy, encoding: 'utf8' })
  t.equal(again.stderr, '')
  t.equal(spawnSync('cmp', [again.stdout.trim(), made], { encoding: 'utf8' }).stdout, '')
})

/** Makes the package once more as an older version would have been, and returns its path. */
const olderPackage = (t: Test): string => {
  const directory = temporary(t)
  const tree = join(directory, 'tree')
  mkdirSync(tree)
  execFileSync('sh', ['-ec', 'rpm2archive - <"$1" | tar -xz -C "$2"', 'sh', made, tree])
  // An upgrade would put another configuration in place of one that nobody has changed.
  appendFileSync(join(tree, 'etc/hugepool.toml'), '# Of the older version.\n')
  const spec = join(directory, 'hugepool.spec')
  const newer = readFileSync(join(top, 'release/hugepool.spec'), 'utf8')
  writeFileSync(spec, newer.replace(/^Version: .*$/m, 'Version: 0.0.1'))
  const macros = { _topdir: join(directory, 'top'), tree, _binary_payload: 'w.ufdio' }
  const defined = Object.entries(macros).flatMap(([name, value]) => [
    '--define',
    `${name} ${value}`,
  ])
  execFileSync('rpmbuild', ['-bb', '--quiet', ...defined, spec], { stdio: 'ignore' })
  const arch = rpm('--eval', '%{_arch}').trim()
  return join(macros._topdir, 'RPMS', arch, `hugepool-0.0.1-1.${arch}.rpm`)
}

const versionInRoot = (): string =>
  rpm(...there, '--query', '--queryformat', '%{VERSION}', 'hugepool')

t.test('installed, configured, upgraded, installed again, removed', async (t) => {
  inRoot('--install', olderPackage(t))
  t.equal(versionInRoot(), '0.0.1')
  t.equal(inRoot('--verify', 'hugepool'), '')
  const said = (...words: readonly string[]) =>
    execFileSync('chroot', [root, ...words], { encoding: 'utf8' })
  t.equal(said('hugepool', '--version'), `hugepool ${version}\n`)
  const unit = readFileSync(at('/usr/lib/systemd/system/hugepool.service'), 'utf8')
  t.equal(unit, packagedText(unit))
  t.equal(
    spawnSync('chroot', [root, 'systemctl', 'is-enabled', 'hugepool.service'], { encoding: 'utf8' })
      .stdout,
    'disabled\n',
  )
  said('systemctl', 'enable', '--quiet', 'hugepool.service', 'hugepool-metrics.timer')

  appendFileSync(at('/etc/hugepool.toml'), '[pools.2M]\npages = 3\n')
  const changed = readFileSync(at('/etc/hugepool.toml'), 'utf8')
  inRoot('--upgrade', made)
  t.equal(versionInRoot(), version)
  t.equal(readFileSync(at('/etc/hugepool.toml'), 'utf8'), changed)
  t.notMatch(readFileSync(at('/etc/hugepool.toml.rpmnew'), 'utf8'), 'Of the older version')
  rmSync(at('/etc/hugepool.toml.rpmnew'))
  inRoot('--upgrade', '--force', made)
  t.equal(readFileSync(at('/etc/hugepool.toml'), 'utf8'), changed, 'and so does the same once more')
  const link = at('/etc/systemd/system/sysinit.target.wants/hugepool.service')
  t.ok(lstatSync(link).isSymbolicLink(), 'an upgrade leaves it enabled')
  const metrics = at('/var/lib/prometheus/node-exporter/hugepool.prom')
  mkdirSync(dirname(metrics), { recursive: true })
  appendFileSync(metrics, '# EOF\n')

  inRoot('--erase', 'hugepool')
  t.equal(readFileSync(at('/etc/hugepool.toml.rpmsave'), 'utf8'), changed)
  t.notOk(lstatSync(link, { throwIfNoEntry: false }), 'nothing starts what is gone')
  t.notOk(existsSync(metrics))
  const left = execFileSync('find', ['etc', 'usr', 'var', '-name', '*hugepool*'], {
    cwd: root,
    encoding: 'utf8',
  })
  t.equal(left, 'etc/hugepool.toml.rpmsave\n')
})
