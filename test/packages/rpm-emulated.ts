import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { shareWord } from '../../src/kernel/mapping/sharing/share-word.ts'
import { arch, at, everything, inRoot, said, without } from './support/root.ts'

// The package of rpm for another processor, in a Debian of that one below a directory, with its rpm. Packages of
// Debian have the libraries, of which rpm knows nothing. test/packages/rpm.sh names both.

t.setTimeout(900_000)

const top = join(import.meta.dirname, '../..')
const made = process.env.HUGEPOOL_TEST_RPM ?? ''
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))

t.test('it is of its processor, and asks for the libraries of that', async (t) => {
  const told = (...words: readonly string[]): string =>
    execFileSync('rpm', ['-qp', ...words, made], { encoding: 'utf8' })
  t.equal(told('--queryformat', '%{ARCH}'), arch === 'arm64' ? 'aarch64' : arch)
  t.match(told('--requires'), /^libc\.so\.6\(GLIBC_2\.28\)\(64bit\)$/m)
})

t.test('installed it works, and removed it leaves nothing', async (t) => {
  // Of the packages filesystem and rpm that every Fedora has.
  for (const path of ['zsh/site-functions', 'fish/vendor_completions.d', 'licenses'])
    mkdirSync(at(`usr/share/${path}`), { recursive: true })
  copyFileSync(made, at(`tmp/${basename(made)}`))
  const before = everything()
  said('rpm', '--install', '--nodeps', `/tmp/${basename(made)}`)
  t.equal(said('rpm', '--query', 'hugepool').trim(), basename(made, '.rpm'))
  t.equal(said('rpm', '--verify', '--nodeps', 'hugepool'), '')
  t.equal(said('hugepool', '--version'), `hugepool ${version}\n`)
  t.match(said('hugepool', 'list'), /^SIZE /)
  t.strictSame(inRoot('hugepool', shareWord), { status: 0, stdout: '', stderr: '' }, 'the addon')
  t.match(said('man', 'hugepool-list'), /^HUGEPOOL-LIST\(8\) /)
  said('rpm', '--erase', 'hugepool')
  const after = everything()
  t.strictSame(
    { more: without(after, before), less: without(before, after) },
    { more: [], less: [] },
  )
})
