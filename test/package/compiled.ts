import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { temporary, treePath } from '../helpers/run.ts'
import { archive, prefixOf } from './support/prefix.ts'

// What the script of the installation does: with a prebuilt addon that loads, and without.

// Most of the time goes into compiling the addon.
t.setTimeout(600_000)

/** The package as it is for a processor that no addon was prebuilt for. */
const bare = join(temporary(t), 'hugepool.tgz')
const unpacked = temporary(t)
execFileSync('tar', ['-xzf', archive, '-C', unpacked])
rmSync(join(unpacked, 'package/native/prebuilds'), { recursive: true })
execFileSync('tar', ['-czf', bare, '-C', unpacked, 'package'])

const words = ['install', '--global', '--foreground-scripts', '--allow-scripts=hugepool']
const cached = (home: string) =>
  readdirSync(join(home, 'dist')).filter((name) => name.endsWith('.cache')).length
const bundles = (home: string) =>
  readdirSync(join(home, 'dist')).filter((name) => name.endsWith('.js')).length

t.test('a prebuilt addon that loads is not compiled, and code caches are made', async (t) => {
  const prefix = prefixOf(t, process.execPath)
  const { stdout, stderr } = prefix.npm(t, ...words, archive)
  t.notMatch(stdout + stderr, /hugepool: /)
  t.notOk(existsSync(join(prefix.home, 'native/build')))
  t.equal(cached(prefix.home), bundles(prefix.home))
  t.match(prefix.spawn('hugepool', ['test', 'default=1', '--json']).stdout, /"via":"anon"/)
})

t.test('without it and without compiler it says what is missing, and list works', async (t) => {
  const prefix = prefixOf(t, process.execPath)
  const { stdout, stderr } = prefix.npm(t, ...words, bare)
  const said = `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('hugepool: '))
  t.strictSame(said, [
    'hugepool: its addon cannot be compiled; that takes python3, make and g++ with C++20',
    `hugepool: no addon for ${process.arch}: 'list' and all that only looks works, the rest ends with 4`,
  ])
  t.equal(cached(prefix.home), bundles(prefix.home))
  const listed = prefix.spawn('hugepool', ['list', '--sysroot', treePath('two-nodes')])
  t.hasStrict(listed, { status: 0, stderr: '' })
  t.match(listed.stdout, /^SIZE/)
  const tested = prefix.spawn('hugepool', ['test', 'default=1'])
  t.equal(tested.status, 4)
  t.match(tested.stderr, /^hugepool: the native addon cannot be loaded\nhint: 'npm rebuild -g /)
})

t.test('npm keeps to itself what the script said; the program tells it', async (t) => {
  const prefix = prefixOf(t, process.execPath)
  const { stdout, stderr } = prefix.npm(t, 'install', '--global', '--allow-scripts=hugepool', bare)
  t.notMatch(stdout + stderr, /addon|compile/)
  t.equal(prefix.spawn('hugepool', ['list']).status, 0)
  const tested = prefix.spawn('hugepool', ['test', 'default=1'])
  t.equal(tested.status, 4)
  t.match(
    tested.stderr,
    /^hint: 'npm rebuild -g --foreground-scripts hugepool' builds it, with python3, make and g\+\+/m,
  )
})

t.test('without it a compiler does', async (t) => {
  const prefix = prefixOf(t, process.execPath, process.env.PATH)
  mkdirSync(prefix.directory, { recursive: true })
  prefix.npm(t, ...words, bare)
  t.ok(existsSync(join(prefix.home, 'native/build/Release/hugepool.node')))
  t.match(prefix.spawn('hugepool', ['test', 'default=1', '--json']).stdout, /"via":"anon"/)
})
