import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { transformSync } from 'esbuild'
import t, { type Test } from 'tap'
import { sourceFrames } from '../../src/source-frames.ts'
import { installed, spawnProgram, temporary, treePath } from '../helpers/run.ts'

/** A bundle of one source with its map, and the column in its one line where a word stands. */
const bundled = (t: Test, text: string, word: string) => {
  const directory = join(temporary(t), 'dist')
  mkdirSync(directory)
  const file = join(directory, 'bundle.js')
  const sourcefile = '../src/model/fault.ts'
  const { code, map } = transformSync(text, { minify: true, sourcemap: true, sourcefile })
  writeFileSync(file, code)
  writeFileSync(`${file}.map.gz`, gzipSync(map))
  return { file, column: code.indexOf(word) + 1 }
}

t.test('a place in a bundle becomes one in its source, with a name or without', async (t) => {
  const { file, column } = bundled(t, '\n\nconst one = 1\n  fault(one)\n', 'fault')
  const stack = [
    'TypeError: x is undefined',
    `    at a (${file}:1:${column})`,
    `    at ${file}:1:${column}`,
    '    at Array.map (<anonymous>)',
    '    at async b (node:internal/main:1:2)',
    '    at load (/somewhere/else.js:3:4)',
  ]
  t.equal(
    sourceFrames(stack.join('\n')),
    `    at src/model/fault.ts:4:3
    at src/model/fault.ts:4:3
    at Array.map (<anonymous>)
    at async b (node:internal/main:1:2)
    at load (/somewhere/else.js:3:4)
`,
  )
})

t.test('a map that no directory has comes from who knows where it is', async (t) => {
  const { file, column } = bundled(t, 'fault()', 'fault')
  const elsewhere = (path: string) => readFileSync(path.replace('/inside', dirname(file)))
  const stack = `Error\n    at /inside/bundle.js:1:${column}`
  t.equal(sourceFrames(stack, elsewhere), '    at src/model/fault.ts:1:1\n')
  t.equal(sourceFrames(stack), `    at /inside/bundle.js:1:${column}\n`)
})

t.test('a map that is missing or damaged leaves the frames as they are', async (t) => {
  const { file, column } = bundled(t, 'fault()', 'fault')
  const frame = `    at a (${file}:1:${column})\n`
  writeFileSync(`${file}.map.gz`, '{')
  t.equal(sourceFrames(`Error\n${frame}`), frame)
  rmSync(`${file}.map.gz`)
  t.equal(sourceFrames(`Error\n${frame}`), frame)
  mkdirSync(`${file}.map.gz`)
  t.equal(sourceFrames(`Error\n${frame}`), frame)
})

t.test('code of a package, which a map leads nowhere, keeps its frame', async (t) => {
  const file = join(temporary(t), 'bundle.js')
  writeFileSync(`${file}.map.gz`, gzipSync('{"version":3,"sources":[],"names":[],"mappings":"A"}'))
  const frame = `    at a (${file}:1:3)\n`
  t.equal(sourceFrames(`Error\n${frame}`), frame)
})

t.test('a fault of the program as it is installed names the line of its source', async (t) => {
  const preload = join(temporary(t), 'fault.cjs')
  writeFileSync(
    preload,
    `const fs = require('node:fs')
    const read = fs.readFileSync
    fs.readFileSync = (path, ...rest) => {
      if (String(path).includes('/sys/kernel/mm')) throw new TypeError('x is undefined')
      return read(path, ...rest)
    }`,
  )
  const environment = { NODE_OPTIONS: `--require ${preload}` }
  const words = ['list', '--sysroot', treePath('two-nodes')]
  const { status, stdout, stderr } = spawnProgram(installed(), words, { environment })
  t.strictSame({ status, stdout }, { status: 70, stdout: '' })
  const [error, hint, ...frames] = stderr.trimEnd().split('\n')
  t.equal(error, 'hugepool: a fault of hugepool: x is undefined')
  t.equal(hint, 'hint: please report it with the command line')
  const [first] = frames.flatMap(
    (each) => /^ {4}at src\/kernel\/tree\.ts:(\d+):\d+$/.exec(each)?.[1] ?? [],
  )
  const source = readFileSync(join(import.meta.dirname, '../../src/kernel/tree.ts'), 'utf8')
  t.match(source.split('\n')[Number(first) - 1], /\breadFileSync\(/)
  t.ok(
    frames.some((each) => each.includes('src/operations/pools/list-pools.ts:')),
    stderr,
  )
})
