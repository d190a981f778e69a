import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { temporary } from '../../helpers/run.ts'

// The Debian package is the same to the octet wherever, whenever and by whomever it is made.

t.setTimeout(600_000)

const top = join(import.meta.dirname, '../../..')
const deb = process.env.HUGEPOOL_TEST_DEB ?? ''
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))

/** What a package is made of, at another place and of another age. */
const copied = (t: Test, place: string, age: number): string => {
  const copy = join(temporary(t), place)
  mkdirSync(join(copy, 'release'), { recursive: true })
  const parts = ['bin', 'src', 'man', 'dist', 'test/vm', 'package.json', 'LICENSE', 'README.md']
  execFileSync('cp', ['-r', '--parents', ...parts, 'CHANGELOG.md', copy], { cwd: top })
  for (const path of [
    'native',
    'node_modules',
    `release/hugepool-${version}-linux-${process.arch}`,
  ])
    symlinkSync(join(top, path), join(copy, path))
  execFileSync('find', [copy, '-exec', 'touch', '--no-dereference', `--date=@${age}`, '{}', '+'])
  return copy
}

/** Makes a package there, at another day, and returns its name. To compress it would take minutes. */
const madeAt = (
  copy: string,
  { mask, day, zone }: { readonly mask: string; readonly day: string; readonly zone: string },
): string => {
  const line = `umask ${mask}; exec faketime '${day}' node bin/packages/deb/make.mjs`
  const environment = { ...process.env, TZ: zone, HUGEPOOL_PACKAGE_COMPRESSION: 'none' }
  const made = spawnSync('sh', ['-c', line], { cwd: copy, env: environment, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(made.stderr)
  return made.stdout.trim()
}

const sumOf = (line: string, file: string): string =>
  execFileSync('sh', ['-c', `${line} "$1" | sha256sum`, 'sh', file], { encoding: 'utf8' })

t.test('two places, days, zones and masks', async (t) => {
  const first = madeAt(copied(t, 'here', 1_000_000_000), {
    mask: '000',
    day: '2027-01-02 03:04:05',
    zone: 'UTC',
  })
  const second = madeAt(copied(t, 'at/another/place', 1_900_000_000), {
    mask: '077',
    day: '2031-12-30 22:00:00',
    zone: 'Asia/Kathmandu',
  })
  t.not(first, second)
  t.equal(sumOf('cat', second), sumOf('cat', first))
  for (const part of ['--fsys-tarfile', '--ctrl-tarfile'])
    t.equal(sumOf(`dpkg-deb ${part}`, deb), sumOf(`dpkg-deb ${part}`, first), part)
})
