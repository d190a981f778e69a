import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { temporary, withoutLoader } from '../helpers/run.ts'

/**
 * The addon's tests once more, with the addon built for AddressSanitizer, which also tells what is
 * leaked at the end, and UndefinedBehaviorSanitizer. Node itself is as it is.
 */
const sanitizers = '-fsanitize=address,undefined'
const compile = [
  ...[sanitizers, '-fno-sanitize-recover=undefined', '-fno-omit-frame-pointer', '-g1'],
  // What a user's compiler only warns of is an error here.
  '-Werror',
]

const directory = temporary(t)
const addon = join(directory, 'hugepool.node')
const canary = join(directory, 'canary.node')

const spawned = (...line: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync('env', [...withoutLoader, ...line], { encoding: 'utf8' })

const library = spawned('g++', '-print-file-name=libasan.so').stdout.trim()

const underSanitizers = (...words: readonly string[]): SpawnSyncReturns<string> =>
  spawned(
    ...[`LD_PRELOAD=${library}`, 'ASAN_OPTIONS=detect_leaks=1', `HUGEPOOL_TEST_ADDON=${addon}`],
    ...[process.execPath, ...words],
  )

/** Compiling takes its time where processors are busy. */
t.setTimeout(300_000)

const sources = readdirSync('native').filter((name) => name.endsWith('.cc'))

/** In one unit: the headers of C++ and of Node-API take longer to read than all the rest. */
const inOneUnit = sources
  .filter((name) => name !== 'addon.cc')
  .map((name) => `-include ${resolve('native', name)}`)

t.test('the addon is built, with the flags of the usual build', async (t) => {
  const { status, stderr } = spawned(
    ...['make', '-s', '-C', 'native/build', `builddir=${directory}`, 'hugepool'],
    ...[`OBJS=${directory}/obj.target/hugepool/addon.o`, `LDFLAGS=${sanitizers}`],
    `CXXFLAGS=${[...compile, '-O0', ...inOneUnit].join(' ')}`,
  )
  t.strictSame({ status, stderr }, { status: 0, stderr: '' })
})

const names = ['addon', 'credentials', 'fork', 'mapping', 'pattern', 'requests', 'segment', 'touch']

/** In one process, because Node takes long to start under the sanitizers. */
const together = `import { runTogether } from '${resolve('test/helpers/together.ts')}'
  await runTogether('test/native', ${JSON.stringify(names.map((name) => `${name}.ts`))})`

t.test('the tests of the addon under the sanitizers', async (t) => {
  const { status, stdout, stderr } = underSanitizers(
    ...['--import=./test/load/typescript.js', '--input-type=module', '-e', together],
  )
  t.strictSame({ status, stderr }, { status: 0, stderr: '' })
  t.strictSame(
    stdout.match(/^ok \d+ - \S+/gm),
    names.map((name, index) => `ok ${index + 1} - test/native/${name}.ts`),
  )
})

t.test('an access out of bounds would be found', async (t) => {
  const flags = ['-shared', '-fPIC', '-Wall', '-Wextra', '-Wpedantic', '-Werror', sanitizers]
  t.equal(spawned('g++', ...flags, '-o', canary, 'test/native/canary.cc').status, 0)
  const script = 'process.dlopen({ exports: {} }, process.argv[1])'
  const { status, stderr } = underSanitizers('-e', script, canary)
  t.not(status, 0)
  t.match(stderr, 'ERROR: AddressSanitizer: heap-buffer-overflow')
})
