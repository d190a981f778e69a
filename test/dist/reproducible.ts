import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { temporary } from '../helpers/run.ts'

// Of what is inside the program that is one file. V8's code caches and the saved memory are left out:
// in those a few octets differ from run to run.

const top = join(import.meta.dirname, '../..')
const needed = ['bin', 'dist', 'man', 'native', 'test/vm/cache.sh', 'LICENSE', 'package.json']

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
    .filter((entry) => entry.isFile() && !/\.cache$|\/trees\//.test(join(entry.parentPath, entry.name)))
    .map((entry) => join(entry.parentPath, entry.name).slice(work.length + 1))
    .sort()
  const sum = (name: string) => createHash('sha256').update(readFileSync(join(work, name)))
  return Object.fromEntries(names.map((name) => [name, sum(name).digest('hex')]))
}

t.setTimeout(600_000)

t.test('scripts, texts and the addon are the same from another path, time, mask', async (t) => {
  const one = laid(t, { below: 'a', mask: '022', zone: 'UTC' })
  const other = laid(t, { below: 'another/deeper', mask: '077', zone: 'Pacific/Apia' })
  t.strictSame(one, other)
  for (const name of ['main.cjs', 'dist/hugepool.js', 'dist/hugepool.js.map.gz', 'LICENSE'])
    t.ok(name in one, name)
  for (const name of ['man/text/hugepool.8', 'native/hugepool.node', 'dist/THIRD-PARTY-LICENCES.txt'])
    t.ok(name in one, name)
})
