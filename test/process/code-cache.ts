import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import {
  calls,
  filesBelow,
  installed,
  installedApart,
  node,
  spawnProgram,
  temporary,
  traced,
  treePath,
} from '../helpers/run.ts'

const sysroot = ['--sysroot', treePath('two-nodes')]
/** A command line that one bundle is enough for. */
const list = ['list', '--json', ...sysroot]

const distOf = (program: string): string => join(dirname(program), '../dist')
const cacheOf = (program: string): string => join(distOf(program), 'hugepool.js.cache')

/** Has the program say on stderr what V8 made of each code cache that it was given. */
const spy = (t: Test): Readonly<Record<string, string>> => {
  const file = join(temporary(t), 'spy.cjs')
  writeFileSync(
    file,
    `const vm = require('node:vm')
    const { Script } = vm
    vm.Script = class extends Script {
      constructor(source, options) {
        super(source, options)
        const name = require('node:path').basename(options.filename)
        require('node:fs').writeSync(2, name + ' ' + this.cachedDataRejected + '\\n')
      }
    }`,
  )
  return { NODE_OPTIONS: `--require ${file}` }
}

const spied = (t: Test, program: string, options = '') => {
  const { NODE_OPTIONS } = spy(t)
  const environment = { NODE_OPTIONS: `${NODE_OPTIONS} ${options}` }
  const { status, stdout, stderr } = spawnProgram(program, list, { environment })
  return { status, stdout, stderr }
}

const { stdout } = spawnProgram(installed(), list)
t.match(stdout, /^\{"version":1,/)

/** Octets before what V8 compiled: they tell which Node it was. */
const headLength = 128

/** What the Node that runs the program is known by. */
const ofNode = (): readonly string[] => {
  const words = '[process.arch, process.version, process.versions.v8, process.execPath].join()'
  const { stdout } = spawnSync('/usr/bin/env', ['-i', node, '-p', words], { encoding: 'utf8' })
  const [arch = '', version = '', v8 = '', path = ''] = stdout.trim().split(',')
  const { size, mtimeMs } = statSync(path)
  return [arch, version, v8, String(size), String(Math.trunc(mtimeMs / 1000))]
}

const taken = { status: 0, stdout, stderr: 'hugepool.js false\n' }
const rejected = { status: 0, stdout, stderr: 'hugepool.js true\n' }
const notGiven = { status: 0, stdout, stderr: 'hugepool.js undefined\n' }

/** Whether the Node that runs the program built it: test/nodes/run.sh has others run what was built. */
const isBuilder = node === process.execPath

/** A copy of the program with code caches of the Node that runs it. */
const cachedApart = (t: Test): string => {
  const program = installedApart(t)
  const file = join(dirname(program), 'build/caches.mjs')
  const script = `import(${JSON.stringify(file)}).then((each) => each.makeCaches(${JSON.stringify(distOf(program))}))`
  const { status, stderr } = spawnSync(node, ['-e', script], {
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
  })
  t.equal(status, 0, stderr)
  return program
}

t.test('the Node that built it takes the code cache, another one is given none', async (t) => {
  t.strictSame(spied(t, installed()), isBuilder ? taken : notGiven)
  t.strictSame(spied(t, cachedApart(t)), taken)
})

t.test('with other flags it is rejected', async (t) => {
  const { stderr, ...rest } = spied(t, cachedApart(t), '--jitless')
  // V8 itself warns of a flag that goes with this one.
  const said = stderr.replace(/^Warning: .*\n/, '')
  t.strictSame({ ...rest, stderr: said }, rejected)
})

t.test('one that is missing or cut is not used', async (t) => {
  const program = cachedApart(t)
  const { length } = readFileSync(cacheOf(program))
  for (const size of [length - 1, Math.floor(length / 2), 100, 1, 0]) {
    truncateSync(cacheOf(program), size)
    t.strictSame(spied(t, program), notGiven, `${size} octets`)
  }
  rmSync(cacheOf(program))
  t.strictSame(spied(t, program), notGiven, 'missing')
})

t.test('one that is no cache is not used, nor what is no file', async (t) => {
  const program = cachedApart(t)
  const source = readFileSync(join(distOf(program), 'hugepool.js'))
  const head = readFileSync(cacheOf(program)).subarray(0, headLength)
  writeFileSync(cacheOf(program), Buffer.alloc(source.length + 4096, 'x'))
  t.strictSame(spied(t, program), notGiven)
  const garbage = Buffer.alloc(4096, 'x')
  writeFileSync(cacheOf(program), Buffer.concat([head, garbage, source]))
  t.strictSame(spied(t, program), rejected, 'V8 looks at it')
  rmSync(cacheOf(program))
  mkdirSync(cacheOf(program))
  t.strictSame(spied(t, program), notGiven)
})

t.test('one of another Node is not given to V8, which would take it and crash', async (t) => {
  const program = cachedApart(t)
  const cache = readFileSync(cacheOf(program))
  const words = cache.toString('latin1', 0, headLength).trim().split(' ')
  t.strictSame(words, ofNode())
  for (const [index, word] of ['mips', 'v20.19.99', '11.3.244.8-node.99', '1', '1'].entries()) {
    const head = Buffer.from(words.with(index, word).join(' ').padEnd(headLength))
    t.equal(head.length, headLength)
    writeFileSync(cacheOf(program), Buffer.concat([head, cache.subarray(headLength)]))
    t.strictSame(spied(t, program), notGiven, head.toString())
  }
  writeFileSync(cacheOf(program), cache)
  t.strictSame(spied(t, program), taken)
})

t.test('one that nobody may read is not used', async (t) => {
  const program = installedApart(t)
  chmodSync(cacheOf(program), 0o000)
  const nobody = process.getuid?.() === 0 ? { uid: 65534 } : {}
  t.hasStrict(spawnProgram(program, list, nobody), { status: 0, stdout, stderr: '' })
})

t.test('a bundle that was changed is run as it is now, even if as long as before', async (t) => {
  const program = installedApart(t)
  const file = join(distOf(program), 'hugepool.js')
  const source = readFileSync(file, 'latin1')
  const changed = source.replaceAll('"0.1.0"', '"9.8.7"').replaceAll('`0.1.0`', '`9.8.7`')
  t.not(changed, source, 'the version stands in it')
  t.equal(changed.length, source.length)
  writeFileSync(file, changed)
  const { status, stdout: said, stderr } = spawnProgram(program, ['--version'])
  t.strictSame({ status, said, stderr }, { status: 0, said: 'hugepool 9.8.7\n', stderr: '' })
})

t.test('nothing is written where the program lies, nor anywhere else', async (t) => {
  const program = installed()
  const before = filesBelow(join(dirname(program), '..'))
  for (const words of [list, ['--help'], ['list', '2X']]) {
    const trace = traced(t, program, words)
    t.strictSame(calls(trace, /O_WRONLY|O_RDWR|O_CREAT|rename|mkdir|unlink/), [], words.join(' '))
  }
  t.strictSame(filesBelow(join(dirname(program), '..')), before)
})

t.test('every bundle has its cache and its source map', async (t) => {
  const names = readdirSync(distOf(installed()))
  const bundles = names.filter((name) => name.endsWith('.js'))
  t.ok(bundles.length > 3, names.join(' '))
  for (const name of bundles)
    t.ok(names.includes(`${name}.cache`) && names.includes(`${name}.map.gz`), name)
})
