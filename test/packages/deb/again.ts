import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { temporary } from '../../helpers/run.ts'

// The Debian package is the same to the octet wherever, whenever and by whomever it is made.

t.setTimeout(600_000)

const top = join(import.meta.dirname, '../../..')
const deb = process.env.HUGEPOOL_TEST_DEB ?? ''

/** What a package is made of, at another place and of another age, without the program. */
const copied = (t: Test, place: string, age: number): string => {
  const copy = join(temporary(t), place)
  mkdirSync(join(copy, 'release'), { recursive: true })
  const parts = ['bin', 'src', 'man', 'dist', 'native', 'test/vm', 'package.json', 'LICENSE']
  execFileSync('cp', ['-r', '--parents', ...parts, 'README.md', 'CHANGELOG.md', copy], { cwd: top })
  symlinkSync(join(top, 'node_modules'), join(copy, 'node_modules'))
  execFileSync('find', [copy, '-exec', 'touch', '--no-dereference', `--date=@${age}`, '{}', '+'])
  return copy
}

/** Makes the program and a package there, at another day, and returns its name. To compress it would take minutes. */
const madeAt = (
  copy: string,
  { mask, day, zone }: { readonly mask: string; readonly day: string; readonly zone: string },
): string => {
  const make = 'node bin/one-file/make.mjs >&2 && exec node bin/packages/deb/make.mjs'
  const line = `umask ${mask}; exec faketime -f '${day}' sh -c '${make}'`
  const environment = {
    ...process.env,
    NODE_OPTIONS: '',
    TZ: zone,
    HUGEPOOL_PACKAGE_COMPRESSION: 'none',
    // Moments that programs wait for are left as they are.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
  const made = spawnSync('sh', ['-c', line], { cwd: copy, env: environment, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(made.stderr)
  return made.stdout.trim()
}

const sumOf = (line: string, file: string): string =>
  execFileSync('sh', ['-c', `${line} "$1" | sha256sum`, 'sh', file], { encoding: 'utf8' })

t.test('two places, days, zones and masks', async (t) => {
  const first = madeAt(copied(t, 'here', 1_000_000_000), {
    mask: '000',
    day: '@2027-01-02 03:04:05',
    zone: 'UTC',
  })
  const second = madeAt(copied(t, 'at/another/place', 1_900_000_000), {
    mask: '077',
    day: '@2031-12-30 22:00:00',
    zone: 'Asia/Kathmandu',
  })
  t.not(first, second)
  t.equal(sumOf('cat', second), sumOf('cat', first))
  for (const part of ['--fsys-tarfile', '--ctrl-tarfile'])
    t.equal(sumOf(`dpkg-deb ${part}`, deb), sumOf(`dpkg-deb ${part}`, first), part)
})
