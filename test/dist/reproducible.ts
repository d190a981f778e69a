import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { temporary } from '../helpers/run.ts'

// The program that is one file, and what is inside it: the same to the octet wherever and whenever it is made.

const top = join(import.meta.dirname, '../..')
const needed = ['bin', 'dist', 'man', 'native', 'test/vm/cache.sh', 'LICENSE', 'package.json']

/** The program that was made here, and is tested. */
const program = process.env.HUGEPOOL_TEST_PROGRAM ?? ''

const sumOf = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex')

interface Around {
  readonly below: string
  readonly mask: string
  readonly zone: string
}

/** The files that a copy of the sources lays, by name, with a sum of what is in each. */
const laid = (t: Test, { below, mask, zone }: Around): Readonly<Record<string, string>> => {
  const copy = join(temporary(t), below)
  mkdirSync(copy, { recursive: true })
  for (const name of needed)
    cpSync(join(top, name), join(copy, name), { recursive: true, preserveTimestamps: false })
  symlinkSync(join(top, 'node_modules'), join(copy, 'node_modules'))
  const work = join(copy, 'work')
  mkdirSync(work)
  const script = `import { layFiles } from '${copy}/bin/one-file/lay-files.mjs'
    await layFiles('${process.arch}', '${work}')`
  const line = 'umask "$1" && shift && exec "$@"'
  const words = ['--input-type=module', '-e', script]
  const { status, stderr } = spawnSync('sh', ['-c', line, 'sh', mask, process.execPath, ...words], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', TZ: zone },
  })
  t.equal(status, 0, stderr)
  const names = readdirSync(work, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(work.length + 1))
    .sort()
  return Object.fromEntries(names.map((name) => [name, sumOf(join(work, name))]))
}

t.setTimeout(600_000)

t.test('scripts, their code caches, texts and the addon are the same from another path, time, mask', async (t) => {
  const one = laid(t, { below: 'a', mask: '022', zone: 'UTC' })
  const other = laid(t, { below: 'another/deeper', mask: '077', zone: 'Pacific/Apia' })
  t.strictSame(one, other)
  for (const name of ['main.cjs', 'dist/hugepool.js', 'dist/hugepool.js.cache', 'dist/hugepool.js.map.gz'])
    t.ok(name in one, name)
  for (const name of ['LICENSE', 'man/text/hugepool.8', 'native/hugepool.node', 'dist/THIRD-PARTY-LICENCES.txt'])
    t.ok(name in one, name)
})

/** What a commit would have, elsewhere: nothing that was built here. */
const checkedOut = (t: Test): string => {
  const copy = join(temporary(t), 'at/another place')
  mkdirSync(copy, { recursive: true })
  const line = 'git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$1"'
  execFileSync('sh', ['-c', `umask 077; ${line}`, 'sh', copy], { cwd: top })
  symlinkSync(join(top, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

t.test('built from nothing elsewhere, on another day and one processor, it is the same', async (t) => {
  const copy = checkedOut(t)
  const build = 'node bin/build/build.mjs && exec node bin/one-file/make.mjs'
  const line = `umask 077; exec faketime -f +500d taskset --cpu-list 0 sh -c '${build}'`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
    cwd: copy,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      TMPDIR: temporary(t),
      TZ: 'Pacific/Kiritimati',
      LC_ALL: 'tr_TR.UTF-8',
      // Moments that programs wait for are left as they are.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  })
  t.equal(status, 0, stderr)
  const made = stdout.trim()
  t.ok(made.startsWith(copy), made)
  t.equal(sumOf(made), sumOf(program))
})
