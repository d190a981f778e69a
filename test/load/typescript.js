import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread, threadId } from 'node:worker_threads'

/*
 * Runs TypeScript of src and test: `node --import=./test/load/typescript.js FILE`. Every test file is
 * a process of its own, so what esbuild made of a text is kept for those that come after it.
 */

const cache =
  process.env.HUGEPOOL_TEST_CACHE ??
  join(import.meta.dirname, '../../node_modules/.cache/hugepool-typescript')

/** Loaded only where something is to be compiled. */
const esbuild = module.createRequire(import.meta.url)

/** Columns are kept as well as lines: source maps name both. */
const settings = { loader: 'ts', format: 'esm', target: 'node20.19', sourcemap: 'inline' }

/** What the JavaScript of a file depends on, its path included: the source map names it. */
const keyOf = (file, text) => {
  const own = readFileSync(import.meta.filename)
  return createHash('sha256').update(own).update(file).update('\0').update(text).digest('hex')
}

/** Others may read while this is written, so it appears whole; a cache that cannot be written is none. */
const keep = (path, code) => {
  const unfinished = `${path}.${process.pid}.${threadId}`
  try {
    mkdirSync(cache, { recursive: true })
    writeFileSync(unfinished, code)
    renameSync(unfinished, path)
  } catch {}
}

const kept = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Each `import()` that runs asks the thread of the hooks anew, also for what is loaded long ago, and the
 * program has several in each command line: a module asks once for each of its own.
 */
const askingOnce = (code) => {
  const asking = code.replace(/\bimport\(("[^"\n]+")\)/g, '(imported()[$1] ??= import($1))')
  if (asking === code) return code
  // Hoisted, and behind all lines, of which the map of the sources tells the numbers.
  const own = '\nfunction imported() { return (imported.all ??= {}) }\n'
  const end = asking.lastIndexOf('\n//# sourceMappingURL')
  return `${asking.slice(0, end)}${own}${asking.slice(end + 1)}`
}

const compile = (file, text, path) => {
  const { code: whole } = esbuild('esbuild').transformSync(text, { ...settings, sourcefile: file })
  const code = askingOnce(whole)
  keep(path, code)
  return code
}

/** Compiles these files at once, so that no process has to load esbuild. */
export const compileAll = (files) =>
  Promise.all(
    files.map(async (file) => {
      const text = readFileSync(file, 'utf8')
      const path = join(cache, `${keyOf(file, text)}.js`)
      if (kept(path) !== undefined) return
      const sourcefile = { ...settings, sourcefile: file }
      keep(path, askingOnce((await esbuild('esbuild').transform(text, sourcefile)).code))
    }),
  )

const isOurs = (url) =>
  url.startsWith('file:') && /\.ts(\?|$)/.test(url) && !url.includes('/node_modules/')

/** For a test file that runs beside others in one process, tap is its own part of the test. */
export const resolve = (specifier, context, next) =>
  specifier === 'tap' && context.parentURL?.endsWith('?together')
    ? { url: new URL('../helpers/together.ts', import.meta.url).href, shortCircuit: true }
    : next(specifier, context)

/** A hook of node:module, for its own thread as well as for the thread that imports. */
export const load = (url, context, next) => {
  if (!isOurs(url)) return next(url, context)
  const file = fileURLToPath(url)
  const text = readFileSync(file, 'utf8')
  const path = join(cache, `${keyOf(file, text)}.js`)
  return { format: 'module', source: kept(path) ?? compile(file, text, path), shortCircuit: true }
}

/** `register` runs hooks in a thread and warns from Node 26 on; `registerHooks` is whole since 24.13. */
const [major = 0] = process.versions.node.split('.').map(Number)

if (major >= 26) module.registerHooks({ load, resolve })
else if (isMainThread) module.register(import.meta.url)
