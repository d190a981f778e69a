import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { temporary } from '../helpers/run.ts'
import { everySecond, namesIn } from '../helpers/together.ts'

const hook = join(import.meta.dirname, '../load/typescript.js')

/** Runs a program of one file in a new process; the cache starts empty. */
const stage = (t: Test) => {
  const directory = temporary(t)
  const file = join(directory, 'program.ts')
  const cache = join(directory, 'cache')
  const run = (text: string) => {
    writeFileSync(file, text)
    const words = ['--enable-source-maps', `--import=${hook}`, file]
    const environment = ['-i', `HUGEPOOL_TEST_CACHE=${cache}`, process.execPath, ...words]
    const { stdout, stderr } = spawnSync('env', environment, { encoding: 'utf8' })
    return { stdout, stderr }
  }
  return { file, cache, run }
}

t.test('a file runs as it is written, also after a change', async (t) => {
  const { cache, run } = stage(t)
  const text = "const word: string = 'one'\nprocess.stdout.write(word)\n"
  t.strictSame(run(text), { stdout: 'one', stderr: '' })
  t.strictSame(run(text.replace('one', 'two')), { stdout: 'two', stderr: '' })
  t.strictSame(run(text), { stdout: 'one', stderr: '' })
  t.equal(readdirSync(cache).length, 2, 'each text is compiled once')
})

t.test('the hooks are asked once for what a module imports again and again', async (t) => {
  const { cache, run } = stage(t)
  const other = join(temporary(t), 'other.ts')
  writeFileSync(other, 'export const one: number = 1\n')
  const again = `const { one } = await import('${other}')\n  sum += one\n`
  const text = `let sum = 0\nfor (let at = 0; at < 3; at += 1) {\n  ${again}}\nprocess.stdout.write(\`\${sum}\`)\n`
  t.strictSame(run(text), { stdout: '3', stderr: '' })
  const made = readdirSync(cache).map((name) => readFileSync(join(cache, name), 'utf8'))
  const [program = ''] = made.filter((code) => code.includes(other))
  const counting = program.replace('??= import(', '??= asked(')
  t.not(counting, program)
  const asked = 'function asked(name) { process.stdout.write("asked "); return import(name) }\n'
  for (const name of readdirSync(cache))
    if (readFileSync(join(cache, name), 'utf8') === program)
      writeFileSync(join(cache, name), `${asked}${counting}`)
  t.strictSame(run(text), { stdout: 'asked 3', stderr: '' })
  const fails = `${again.replace(other, `${other}.none`)}`
  const twice = `let sum = 0\nfor (const _ of [1, 2]) try {\n  ${fails}} catch { sum += 1 }\n`
  t.equal(run(`${twice}process.stdout.write(\`\${sum}\`)\n`).stdout, '2', 'a failure stays one')
})

t.test('what is kept is what runs', async (t) => {
  const { cache, run } = stage(t)
  run('process.exit()')
  const [name = ''] = readdirSync(cache)
  writeFileSync(join(cache, name), "process.stdout.write('kept')")
  t.strictSame(run('process.exit()'), { stdout: 'kept', stderr: '' })
})

t.test('a stack names the line of the source', async (t) => {
  const { file, run } = stage(t)
  const text = 'interface A {\n  readonly a: number\n}\n\nconst a: A = { a: 1 }\n'
  const { stderr } = run(`${text}  throw new Error(\`\${a.a}\`)\n`)
  t.match(stderr, `${file}:6:9`)
  t.match(
    run(`${text}  throw new Error(\`\${a.a}\`)\n`).stderr,
    `${file}:6:9`,
    'from the cache too',
  )
})

t.test('a cache that cannot be written is none', async (t) => {
  const { cache, run } = stage(t)
  writeFileSync(cache, '')
  t.strictSame(run("process.stdout.write('one' as string)"), { stdout: 'one', stderr: '' })
})

t.test(
  'files that run together are subtests by their names, and one that fails fails them',
  async (t) => {
    const { run } = stage(t)
    const folder = temporary(t)
    const ran = 'import t from "tap"\nt.test("a test", async (t) => t.equal(1, '
    for (const [name, value] of Object.entries({ 'a.ts': '1', 'b.ts': '2', 'c.ts': '1' }))
      writeFileSync(join(folder, name), `${ran}${value}))\n`)
    const program = join(import.meta.dirname, '../helpers/together.ts')
    const { stdout } = run(
      `import { runTogether } from '${program}'\nawait runTogether('${folder}')`,
    )
    t.strictSame(stdout.match(/^(not )?ok [^#\n]*[^#\s]|^# Subtest.*/gm), [
      ...[`# Subtest: ${folder}/a.ts`, `ok 1 - ${folder}/a.ts`],
      ...[`# Subtest: ${folder}/b.ts`, `not ok 2 - ${folder}/b.ts`],
      ...[`# Subtest: ${folder}/c.ts`, `ok 3 - ${folder}/c.ts`],
    ])
  },
)

t.test('two processes have all files of a folder', async (t) => {
  const all = [...everySecond('test/process', 0), ...everySecond('test/process', 1)]
  t.strictSame(all.toSorted(), namesIn('test/process'))
  t.ok(all.length > 10)
})

t.test('what is left out of the run by file is run together', async (t) => {
  const { tap } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
  const [, folders] = tap.exclude.at(-2).match(/^test\/\{(.*)\}\/\*\*$/)
  t.equal(tap.exclude.at(-1), 'test/*.ts', 'by whole.ts')
  t.strictSame(
    readdirSync(join(import.meta.dirname, '../by-floor')).sort(),
    [...folders.split(','), 'process-too', 'whole'].map((folder: string) => `${folder}.ts`).sort(),
  )
})
