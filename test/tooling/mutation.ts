import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { temporary } from '../helpers/run.ts'
import { until } from '../live/support/wait.ts'
import { inTurn } from '../mutation/choice.ts'
import { type Equivalent, equivalents, outdated } from '../mutation/equivalent.ts'
import { mirrored, testsOf } from '../mutation/mirrors.ts'
import { lineOf, mutated, mutationsOf, wordsOf } from '../mutation/mutators.ts'
import { scoreOf } from '../mutation/score.ts'
import { changedSince, mutantsOf } from '../mutation/sources.ts'
import { parseTyped } from '../mutation/typed.ts'

const wordsFor = (source: string): readonly string[] =>
  mutationsOf(source).map((mutation) => wordsOf(source, mutation))

t.test('the mutations of a source', async (t) => {
  const each = (source: string, ...words: readonly string[]) =>
    t.strictSame(wordsFor(source), words, source)
  each('a < b', 'a < b -> ;', '< -> <=')
  each('const x = a === b && !c', '&& -> ||', '=== -> !==', '!c -> c')
  each('const x = a + 2n', '+ -> -', '2n -> 3n', '2n -> 1n')
  each('const x = 0', '0 -> 1')
  each('const x = a ?? b', 'a ?? b -> a', 'a ?? b -> b')
  each('const x = a ? b : true', 'a ? b : true -> a ? true : b', 'true -> false')
  each('if (a) b()', 'a -> !(a)', 'a -> false', 'b() -> ;')
  each("const x = 'done'", "'done' -> ''")
  each(`const x = \`/proc/\${pid}\``, `\`/proc/\${pid}\` -> \`\``)
  each('const x = /^a$/u', '/^a$/u -> /a$/u', '/^a$/u -> /^a/u')
  each('const x = [a]', '[a] -> []')
  each('const x = a.some(b)', 'some -> every')
  each('const x = a.toString()')
  each('const x = a.filter(b)', 'b -> (...given) => !(b)(...given)', 'a.filter(b) -> a')
  each('const f = (): A | undefined => { return a }', 'a -> undefined')
})

t.test('types, imports and prose are left as they are', async (t) => {
  const sources = [
    "import { a } from '../a.ts'",
    "type A = 'a' | 1",
    "const a = b as 'c'",
    `throw new Error(\`no such \${what} here\`)`,
    "const a = { 'b': c }",
    'const f = (): A => { return a }',
  ]
  for (const source of sources) t.strictSame(wordsFor(source), [], source)
})

t.test('what would change nothing is left as it is', async (t) => {
  for (const [source, ...words] of [
    ['const x = a > b ? a : b', 'a > b ? a : b -> a > b ? b : a'],
    ['const x = a >= b ? b : a', 'a >= b ? b : a -> a >= b ? a : b'],
    ['const x = a < b ? -1 : 1', 'a < b ? -1 : 1 -> a < b ? 1 : -1', '< -> <='],
  ] as const)
    t.strictSame(wordsFor(source), words, source)
  const rest = wordsFor('const x = a > b ? a - b : 0n')
  t.strictSame(rest, ['a > b ? a - b : 0n -> a > b ? 0n : a - b', '- -> +', '0n -> 1n'])
  t.ok(wordsFor('const x = a > b ? a : c').includes('> -> >='))
  t.ok(wordsFor('const x = a > b ? b - a : 0n').includes('> -> >='))
})

t.test('a mutation is put into the text, and its line is told', async (t) => {
  const source = 'const a = 1\n  const b = a < 2\n'
  const [mutation] = mutationsOf(source).filter(({ kind }) => kind === 'operator')
  if (mutation === undefined) throw new Error('one is expected')
  t.equal(mutated(source, mutation), 'const a = 1\n  const b = a <= 2\n')
  t.strictSame(lineOf(source, mutation), { line: 2, text: 'const b = a < 2' })
})

t.test('every file has its turn before one has a second', async (t) => {
  const file = (name: string, source: string) =>
    mutationsOf(source).map((mutation) => ({ file: name, source, mutation }))
  const files = [file('a', 'const a = [1, 2, 3]'), file('b', 'const b = 0')]
  const order = inTurn(files, 1)
  t.strictSame(
    order
      .map(({ file }) => file)
      .slice(0, 2)
      .sort(),
    ['a', 'b'],
  )
  t.equal(order.length, 8)
  t.strictSame(inTurn(files, 1), order, 'a seed chooses the same')
  const renamed = [file('a', 'const c = [1, 2, 3]'), file('b', 'const d = 0')]
  const wordsIn = (seed: number, from = files) =>
    inTurn(from, seed).map(({ source, mutation }) => wordsOf(source, mutation))
  t.strictSame(wordsIn(1, renamed), wordsIn(1), 'whatever the names are')
  t.notSame(wordsIn(2), wordsIn(1))
})

t.test('the tests that have to notice a mutation', async (t) => {
  const sources = ['src/model/a.ts', 'src/model/a-plan.ts', 'src/model/b.ts', 'src/kernel/c.ts']
  t.equal(mirrored('test/model/a-plan-any.ts', sources), 'src/model/a-plan.ts')
  t.equal(mirrored('test/model/a-b.ts', sources), 'src/model/a.ts')
  t.equal(mirrored('test/kernel/a.ts', sources), undefined)
  const tests = new Map([
    ['test/cli/x.ts', new Map([['src/model/b.ts', 4]])],
    [
      'test/kernel/y.ts',
      new Map([
        ['src/model/b.ts', 3],
        ['src/kernel/c.ts', 2],
      ]),
    ],
    [
      'test/model/a.ts',
      new Map([
        ['src/model/a.ts', 1],
        ['src/kernel/c.ts', 1],
      ]),
    ],
    [
      'test/model/a-plan.ts',
      new Map([
        ['src/model/a.ts', 1],
        ['src/model/a-plan.ts', 1],
      ]),
    ],
  ])
  const rounds = (source: string) => testsOf(source, sources, tests)
  t.strictSame(rounds('src/model/a.ts'), [['test/model/a.ts']], 'its own')
  t.strictSame(rounds('src/kernel/c.ts'), [['test/model/a.ts']], 'those that import it')
  t.strictSame(
    rounds('src/model/b.ts'),
    [['test/kernel/y.ts', 'test/cli/x.ts']],
    'all that reach it, nearest first',
  )
})

t.test('the tests of its wing have to notice it too', async (t) => {
  const deep = 'src/kernel/mounts/deep/d.ts'
  const reaching = (test: string, distance: number) => [test, new Map([[deep, distance]])] as const
  const model = reaching('test/model/mounts/d.ts', 2)
  const far = reaching('test/kernel/mounts/e.ts', 5)
  const other = reaching('test/kernel/pools/f.ts', 3)
  const rounds = (...of: readonly (readonly [string, ReadonlyMap<string, number>])[]) =>
    testsOf(deep, [deep], new Map(of))
  t.strictSame(rounds(other, far, model), [['test/kernel/mounts/e.ts']])
  t.strictSame(rounds(other, model), [['test/model/mounts/d.ts']], 'on another floor')
  t.strictSame(rounds(other), [['test/kernel/pools/f.ts']])
  t.strictSame(rounds(), [])
  const own = ['test/kernel/mounts/deep/d.ts', new Map<string, number>()] as const
  t.strictSame(
    rounds(other, own, far),
    [[own[0]], ['test/kernel/mounts/e.ts']],
    'after its own, which may not import it',
  )
})

/** A checkout of one source, which adds, with the test that is given. */
const checkout = (t: Test, test: string): string => {
  const top = t.testdir({
    'tsconfig.json': '{ "compilerOptions": { "strict": true, "lib": ["ES2023"], "types": [] } }',
    src: { model: { 'sum.ts': 'export const sum = (a: number, b: number): number => a + b\n' } },
    test: { model: { 'sum.ts': test } },
  })
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(top, 'node_modules'))
  return top
}

const score = async (
  top: string,
  words: readonly string[] = [],
  equivalents: readonly Equivalent[] = [],
) => {
  let said = ''
  const out = (text: string) => {
    said += text
  }
  const status = await scoreOf({ top, equivalents, out }, parseTyped(words))
  return { status, said }
}

const head = "import t from 'tap'\nimport { sum } from '../../src/model/sum.ts'\n"

const survivor = 'src/model/sum.ts:1  + -> -\n'

t.test('a mutation that a test notices is killed', async (t) => {
  t.strictSame(await score(checkout(t, `${head}t.equal(sum(2, 3), 5)\n`), ['--all']), {
    status: 0,
    said:
      `noticed   ${survivor}` +
      '1 mutations of 1 files: 1 noticed, 0 ran out of time, 0 survived\n' +
      'score 100.0%, at least 90% is needed\n',
  })
})

t.test('one that no test notices survives, and fails the run', async (t) => {
  const top = checkout(t, `${head}t.equal(typeof sum(2, 3), 'number')\n`)
  const summary = '1 mutations of 1 files: 0 noticed, 0 ran out of time, 1 survived\n'
  t.strictSame(await score(top), {
    status: 1,
    said: `survived  ${survivor}${summary}score 0.0%, at least 90% is needed\n`,
  })
})

t.test('tests that fail without a mutation are an error', async (t) => {
  const top = checkout(t, `${head}t.equal(sum(2, 3), 6)\n`)
  await t.rejects(score(top), { message: /^without a mutation test\/model\/sum\.ts failed/ })
})

t.test('a run that a signal ends leaves no test and no file', async (t) => {
  const top = checkout(
    t,
    `${head}import { writeFileSync } from 'node:fs'
t.equal(sum(2, 3), 5)
writeFileSync('started', String(process.pid))
await new Promise((done) => setTimeout(done, 60_000))
`,
  )
  const directory = temporary(t)
  const at = (path: string) => join(import.meta.dirname, '..', path)
  const line = [`--import=${at('load/typescript.js')}`, at('mutation/main.ts')]
  const child = spawn(process.execPath, line, {
    cwd: top,
    env: { ...process.env, TMPDIR: directory },
    stdio: 'ignore',
  })
  const ended = once(child, 'close')
  /** The process of the test, once it has said so. */
  const started = (): string => {
    const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    const said = names.find((path) => path.endsWith('/started'))
    return said === undefined ? '' : readFileSync(join(directory, said), 'utf8')
  }
  await until('the test', () => started() !== '')
  const pid = started()
  child.kill('SIGTERM')
  t.strictSame(await ended, [143, null])
  t.strictSame(readdirSync(directory), [])
  await until('the end of the test', () => !existsSync(`/proc/${pid}`))
})

t.test('mutations that no test can notice are named with their reason', async (t) => {
  const top = checkout(t, `${head}t.equal(typeof sum(2, 3), 'number')\n`)
  const entry = {
    file: 'src/model/sum.ts',
    line: 'export const sum = (a: number, b: number): number => a + b',
    mutation: '+ -> -',
    reason: 'it is only an example',
  }
  t.match(await score(top, [], [entry]), { status: 0, said: /^0 mutations / })
  const old = { ...entry, line: 'a + b' }
  await t.rejects(score(top, [], [old]), {
    message: /sum\.ts has no longer '\+ -> -' in 'a \+ b'/,
  })
})

t.test('the files that a change touches', async (t) => {
  const top = checkout(t, head)
  const source = 'src/model/sum.ts'
  const git = (when: string, ...words: readonly string[]) =>
    execFileSync('git', ['-C', top, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      env: { ...process.env, GIT_COMMITTER_DATE: when },
    })
  git('', 'init', '--quiet')
  git('', 'add', 'src', 'test')
  git('2026-01-01T00:00:00Z', 'commit', '--quiet', '--message=first')
  git('2026-01-03T00:00:00Z', 'commit', '--quiet', '--allow-empty', '--message=second')
  const changed = (since: string) => changedSince(top, since).has(source)
  t.strictSame([changed('1'), changed('3')], [false, true], 'days before the last commit')
  t.equal(changed('HEAD'), false)
  writeFileSync(join(top, source), '')
  t.equal(changed('HEAD'), true, 'since a revision')
})

t.test('what means nothing is refused', async (t) => {
  t.throws(() => parseTyped(['--count', 'x']), { message: "--count 'x': a whole number is needed" })
  t.throws(() => parseTyped(['--sed', '1']), /--sed/)
  const top = checkout(t, head)
  await t.rejects(score(top, ['src/model/no.ts']), { message: /^no source .*src\/model\/no\.ts$/ })
})

t.test('every mutation that is excused is there', async (t) => {
  const top = join(import.meta.dirname, '../..')
  t.ok(equivalents.length > 10)
  for (const file of new Set(equivalents.map((one) => one.file))) {
    const entries = equivalents.filter((one) => one.file === file)
    t.strictSame(outdated(entries, mutantsOf(top, file)), [], file)
  }
})
