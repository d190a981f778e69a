import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import t from 'tap'
import { ownDirectory } from '../vm/directory.ts'
import { machines } from '../vm/machines.ts'
import { bootsOf, isWhole, kernelImages, moduleSeries, plannedPairs } from '../vm/plan.ts'
import { allSeries, parseTyped, UsageError } from '../vm/words.ts'

t.test('what is typed', async (t) => {
  const { help, shell, machines, kernels, tests } = parseTyped([])
  t.strictSame(
    { help, shell, machines, kernels, tests },
    { help: false, shell: false, machines: [], kernels: [], tests: [] },
  )
  t.match(parseTyped(['-h']), { help: true })
  t.hasStrict(parseTyped(['--shell', 'tight', '--kernel=6.1']), {
    shell: true,
    machines: ['tight'],
  })
  t.strictSame(parseTyped(['--kernel', '6.12,6.1', '--kernel', '6.12']).kernels, ['6.12', '6.1'])
  t.strictSame(parseTyped(['--kernel', 'all']).kernels, allSeries())
  t.equal(parseTyped([]).architecture, 'amd64')
  const arm64 = parseTyped(['--arch', 'arm64', 'two-nodes', '--kernel', 'all'])
  t.hasStrict(arm64, { architecture: 'arm64', machines: ['two-nodes'] })
  t.strictSame(arm64.kernels, allSeries('arm64'))
  t.ok(arm64.kernels.includes('6.12-16k'))
  t.strictSame(arm64.tests, [], 'all of them')
  t.strictSame(parseTyped(['--arch', 's390x']).tests, ['no-pools'])
  t.strictSame(parseTyped(['--arch', 's390x', '--tests', 'list']).tests, ['list'])
  t.strictSame(parseTyped(['--arch', 's390x', '--tests', 'all']).tests, [])
  t.strictSame(parseTyped(['--tests', 'resize,demote', 'tight']).tests, ['resize', 'demote'])
})

t.test('its files are found from any directory', async (t) => {
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir('/')
  t.strictSame(parseTyped(['--kernel', '6.12', '--tests', 'resize']).tests, ['resize'])
  process.chdir(before)
  const bundled = spawnSync('sh', [join(before, 'test/vm/run.sh'), '--help'], {
    cwd: '/',
    env: { ...process.env, HUGEPOOL_SKIP_VM: '' },
  })
  t.strictSame([bundled.status, `${bundled.stderr}`], [0, ''])
})

t.test('what means nothing is refused by its name', async (t) => {
  const refused = (words: string, message: RegExp) =>
    t.throws(() => parseTyped(words.split(' ')), { constructor: UsageError, message }, words)
  refused('--kernl 6.12', /^no option --kernl$/)
  refused('-x tight', /^no option -x$/)
  refused('--no-shell', /^no option --no-shell$/)
  refused('tihgt', /^no machine 'tihgt': holders updates one-node /)
  refused('6.12', /^no machine '6.12'/)
  for (const words of ['--kernel', '--kernel=', '--kernel 6.12,', '--kernel --shell'])
    refused(words, /^no kernel '': 5.10 /)
  refused('--kernel 6.13', /^no kernel '6.13'/)
  refused('--tests', /^no test '': .*\bresize\b/)
  refused('--tests resize,support', /^no test 'support'/)
  refused('--arch arm46', /^no architecture 'arm46': amd64 arm64/)
  refused('--arch arm64,amd64', /^--arch takes one architecture$/)
  refused('--arch arm64 tight', /^no machine 'tight': two-nodes/)
  refused('--shell tight two-nodes', /^--shell boots one machine/)
  refused('--shell tight --kernel 6.1,6.12', /^--shell boots one machine/)
})

t.test('what is booted', async (t) => {
  const pairs = (...words: string[]) => plannedPairs(parseTyped(words))
  t.equal(pairs('--shell').length, 1, 'a shell is in one machine, and one kernel is looked for')
  t.equal(pairs('--kernel', '6.12').length, machines.length)
  t.strictSame(moduleSeries(pairs('--kernel', '6.12,newest')), ['6.12'])
  t.strictSame(moduleSeries(pairs('two-nodes')), [], 'it has none')
  const withModules = pairs('drivers', '--kernel', '5.10,newest,6.1').map(({ series }) => series)
  t.strictSame(withModules, ['6.1'], 'those that modules can be built for')
  t.equal(isWhole(pairs(), []), true)
  t.equal(isWhole(pairs('--kernel', 'all'), []), true)
  t.equal(isWhole(pairs('--kernel', '5.10'), []), false, 'some tests need a newer one')
  t.equal(isWhole(pairs('two-nodes'), []), false)
  t.equal(isWhole(pairs('--arch', 'arm64'), []), false)
  t.hasStrict(pairs('--arch', 'arm64'), [{ architecture: 'arm64' }])
  t.equal(isWhole(pairs(), ['resize']), false)

  const path = '/a cache/kernels/linux-image-6.12.1+deb12-cloud-amd64/vmlinuz'
  const images = kernelImages(`6.1 /b\n6.12 ${path}\n`)
  const [boot] = bootsOf(pairs('tight', '--kernel', '6.12'), images, '/i')
  t.hasStrict(boot, { kernel: path, version: '6.12.1+deb12', image: '/i' })
})

t.test('directories of runs that were killed go', async (t) => {
  const parent = t.testdir()
  // No process has this number: the kernel's own limit is 2^22.
  const names = ['hugepool-vm-99999999-a', `hugepool-vm-${process.pid}-a`, 'hugepool-vm-x']
  for (const name of names) mkdirSync(`${parent}/${name}/inner`, { recursive: true })
  const own = ownDirectory(parent)
  t.strictSame(
    readdirSync(parent)
      .map((name) => `${parent}/${name}`)
      .sort(),
    [own, ...names.slice(1).map((name) => `${parent}/${name}`)].sort(),
  )
})

/** Runs a line with children.ts in a process of its own, which signals can end. */
const startRun = (outfile: string, line: readonly string[]) => {
  const contents = `import { children } from './test/vm/children.ts'
    children()(${JSON.stringify(line)}, 'shown').catch((error) => { process.exitCode = error.status })`
  buildSync({
    ...{ stdin: { contents, resolveDir: '.' }, bundle: true, platform: 'node', format: 'esm' },
    outfile,
  })
  return spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** The letter of a process; nothing where there is none. */
const stateOf = (pid: string): string => {
  try {
    return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}

t.test('signals end a run and all that it has started', async (t) => {
  // As npx does, the first process leaves behind what it has started.
  const line = ['sh', '-c', '(trap "" HUP INT; sleep 60 & echo $!; wait) & sleep 60']
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    const run = startRun(`${t.testdir()}/run.mjs`, line)
    const closed = once(run, 'close')
    const [said] = await once(run.stdout, 'data')
    run.kill(signal)
    t.strictSame(await closed, [status, null], signal)
    t.notMatch(stateOf(String(said).trim()), /^[^Z]/, 'and what it had left behind')
  }
})
