import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { temporary } from '../helpers/run.ts'
import { at, everything, inRoot, readmeLines, said, typed, without } from './support/root.ts'

// The package of rpm as README.md says that a person installs and removes it, with the dnf of a Debian below a
// directory. No repository has anything: what the package depends on is the Debian's, which rpm is told of.
// test/packages/rpm.sh names both.

t.setTimeout(600_000)

const top = join(import.meta.dirname, '../..')
const made = process.env.HUGEPOOL_TEST_RPM ?? ''
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
const [install, uninstall] = readmeLines('dnf')

/** What rpm finds in the libraries that are below the directory, and the shell of the scripts. */
const provided = (): readonly string[] => {
  const libraries = '^lib(?:c|m|dl|pthread|gcc_s|stdc\\+\\+|atomic)\\.so\\.\\d|^ld-linux'
  const listed = execFileSync('find', ['lib', 'lib64', 'usr/lib', '-name', '*.so.*'], {
    cwd: at(''),
    encoding: 'utf8',
  })
  const files = listed.split('\n').filter((path) => new RegExp(libraries).test(basename(path)))
  const input = files.map((path) => `${at(path)}\n`).join('')
  const found = execFileSync('/usr/lib/rpm/rpmdeps', ['--provides'], { encoding: 'utf8', input })
  return ['/bin/sh', 'rtld(GNU_HASH)', ...found.trim().split('\n')]
}

/** Makes a package without files that says what the Debian has, and returns its path below the directory. */
const librariesPackage = (): string => {
  const directory = temporary(t)
  const lines = [
    'Name: libraries\nVersion: 1\nRelease: 1\nSummary: of Debian\nLicense: none\nBuildArch: noarch',
    ...provided().map((each) => `Provides: ${each}`),
    '%description\nOf Debian.\n%files\n',
  ]
  const spec = join(directory, 'libraries.spec')
  writeFileSync(spec, lines.join('\n'))
  execFileSync('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${directory}`, spec])
  copyFileSync(join(directory, 'RPMS/noarch/libraries-1-1.noarch.rpm'), at('tmp/libraries.rpm'))
  return './libraries.rpm'
}

t.test('where the libraries are not, dnf says what is missing', async (t) => {
  t.equal(install, `dnf install ./${basename(made)}`)
  copyFileSync(made, at(`tmp/${basename(made)}`))
  const { status, stderr } = typed(install)
  t.equal(status, 1)
  t.match(stderr, 'nothing provides libc.so.6')
  t.notOk(existsSync(at('/usr/bin/hugepool')))
})

t.test('what README.md says installs and removes it', async (t) => {
  const { status, stderr } = typed(`dnf install ${librariesPackage()}`)
  t.equal(status, 0, stderr)
  // Of a package that every Fedora has, for others to lay files in.
  for (const path of ['zsh/site-functions', 'licenses'])
    mkdirSync(at(`usr/share/${path}`), { recursive: true })
  const before = everything()
  const installed = typed(install)
  t.equal(installed.status, 0, installed.stderr)
  t.equal(said('hugepool', '--version'), `hugepool ${version}\n`)
  t.match(inRoot('dnf', 'list', 'installed', 'hugepool').stdout, `${version}-1`)
  t.match(said('hugepool', 'list'), /^SIZE /)
  const removed = typed(uninstall)
  t.equal(removed.status, 0, removed.stderr)
  const after = everything()
  t.strictSame(
    { more: without(after, before), less: without(before, after) },
    { more: [], less: [] },
  )
})
