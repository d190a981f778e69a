import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { temporary } from '../../helpers/run.ts'
import { arch, debianArch } from '../support/root.ts'

// The Debian package as it was made. test/packages/deb.sh names it.

t.setTimeout(600_000)

const top = join(import.meta.dirname, '../../..')
const deb = process.env.HUGEPOOL_TEST_DEB ?? ''
const tell = (program: string, ...words: readonly string[]): string =>
  execFileSync(program, words, { encoding: 'utf8', maxBuffer: 2 ** 30 })
const field = (name: string): string => tell('dpkg-deb', '--field', deb, name).trim()
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))

const directory = temporary(t)
execFileSync('dpkg-deb', ['--raw-extract', deb, directory])
/** The addon that is inside the program. */
const inside = join(top, `native/prebuilds/linux-${arch}/hugepool.node`)
const textAt = (path: string): string => readFileSync(join(directory, path), 'utf8')

t.test('the fields', async (t) => {
  t.equal(field('Package'), 'hugepool')
  t.equal(field('Version'), `${version}-1`)
  t.match(deb, new RegExp(`/hugepool_${version}-1_${field('Architecture')}\\.deb$`))
  t.equal(field('Architecture'), debianArch)
  const size = tell('du', '--apparent-size', '--summarize', '--block-size=1K', directory)
  const [found = 0, said = 0] = [Number.parseInt(size, 10), Number(field('Installed-Size'))]
  t.ok(Math.abs(found - said) < said / 100, `${said} and not ${found}`)
})

/** Those of another processor are not on this machine. */
const hasItsLibraries = arch === process.arch

t.test('it depends on all that dpkg-shlibdeps(1) finds', async (t) => {
  if (!hasItsLibraries) return void t.match(field('Depends'), /^libatomic1, libc6 \(>= [\d.]+\), /)
  const source = temporary(t)
  mkdirSync(join(source, 'debian'))
  writeFileSync(
    join(source, 'debian/control'),
    'Source: hugepool\n\nPackage: hugepool\nArchitecture: any\n',
  )
  const words = ['-O', '--ignore-missing-info', join(directory, 'usr/bin/hugepool'), inside]
  const { stdout } = spawnSync('dpkg-shlibdeps', words, { cwd: source, encoding: 'utf8' })
  const wanted = /^shlibs:Depends=(.*)$/m.exec(stdout)?.[1] ?? ''
  const packages = (text: string) => text.split(', ').map((each) => each.split(' ')[0])
  t.strictSame(packages(field('Depends')), packages(wanted))
})

/** The newest version of a library's symbols that files ask for, as readelf(1) shows it. */
const newestSymbols = (word: string, files: readonly string[]): string => {
  const shown = files.map((file) => tell('readelf', '--dyn-syms', '--wide', file)).join('')
  const versions = [...shown.matchAll(new RegExp(`\\b${word}_([\\d.]+)`, 'g'))].map(
    ([, one]) => one,
  )
  const sorted = [...new Set(versions)].sort((one = '', other = '') =>
    one.localeCompare(other, 'en', { numeric: true }),
  )
  return sorted.at(-1) ?? ''
}

t.test('it asks for no newer library than what is inside', async (t) => {
  const glibc = newestSymbols('GLIBC', [join(directory, 'usr/bin/hugepool'), inside])
  t.match(field('Depends'), `, libc6 (>= ${glibc}), `)
  // Of GCC 7.1, as libstdc++'s manual says; Debian 11 has 10.2, and glibc 2.31.
  t.equal(newestSymbols('CXXABI', [join(directory, 'usr/bin/hugepool'), inside]), '1.3.11')
  t.match(field('Depends'), /, libstdc\+\+6 \(>= 7\.1\)$/)
})

t.test('who has what, by which sums and modes', async (t) => {
  const lines = tell('dpkg-deb', '--contents', deb).trim().split('\n')
  for (const line of lines) {
    const isOpen = /^(?:drwxr-xr-x|-rwxr-xr-x|-rw-r--r--) root\/root /.test(line)
    t.ok(isOpen, line)
    t.equal(line.startsWith('-rwx'), line.endsWith(' ./usr/bin/hugepool'), line)
  }
  const files = lines
    .filter((line) => line.startsWith('-'))
    .map((line) => line.replace(/^.* \.\//, ''))
    .sort()
  const sums = textAt('DEBIAN/md5sums')
  const expected = files
    .filter((path) => path !== 'etc/hugepool.toml')
    .map((path) => {
      const sum = createHash('md5')
        .update(readFileSync(join(directory, path)))
        .digest('hex')
      return `${sum}  ${path}\n`
    })
  t.strictSame(sums.split('\n').sort(), expected.join('').split('\n').sort())
  t.equal(textAt('DEBIAN/conffiles'), '/etc/hugepool.toml\n')
  const manual = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')).man as string[]
  t.strictSame(
    files.flatMap((path) => /^usr\/share\/man\/man[58]\/(.+)$/.exec(path)?.[1] ?? []),
    manual
      .map((page) => page.replace(/^.*\//, ''))
      .sort((one, other) => {
        const key = (name: string) => `${name.at(-4)}${name}`
        return key(one) < key(other) ? -1 : 1
      }),
  )
})

t.test('the program is the one that was made', async (t) => {
  const sum = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
  const made = join(top, `release/hugepool-${version}-linux-${arch}`)
  t.equal(sum(join(directory, 'usr/bin/hugepool')), sum(made))
  const { programInside } = await import(`${top}/bin/release/program-inside.mjs`)
  const md5 = createHash('md5').update(readFileSync(made)).digest('hex')
  t.strictSame(programInside(deb), { algorithm: 'md5', sum: md5 }, 'as a release compares it')
})

t.test('what is inside is listed with it', async (t) => {
  const { components } = JSON.parse(textAt('usr/share/doc/hugepool/sbom.cdx.json'))
  const names = components.map((each: { readonly name: string }) => each.name)
  for (const name of ['chalk', 'yargs', 'node']) t.ok(names.includes(name), name)
})

t.test('lintian(1) finds nothing', async (t) => {
  const words = ['--allow-root', '--fail-on', 'error,warning', deb]
  const { status, stdout } = spawnSync('lintian', words, { encoding: 'utf8' })
  t.strictSame({ status, stdout }, { status: 0, stdout: '' })
})
