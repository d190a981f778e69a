// Builds dist/: one bundle of src, its source map and V8's code cache. It stands beside the launcher
// because the two agree on how the bundle is called and where its cache lies.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { build } from 'esbuild'

const top = join(import.meta.dirname, '..')
const bundle = join(top, 'dist/hugepool.js')
const require = createRequire(import.meta.url)

/** Modules that esbuild is given in place of those that packages ask for, by name. */
const substitutes = {
  // Its own makes a pattern of all emoji and a segmenter whenever it is loaded, half of yargs' time.
  // cli-table3 wants the function itself, hence CommonJS.
  'string-width': `module.exports = require('fast-string-width').default`,
  // yargs has assertions that never fail here, and loading them takes 3 ms.
  assert: `for (const name of ['strictEqual', 'notStrictEqual'])
    exports[name] = (...values) => process.getBuiltinModule('node:assert')[name](...values)`,
  // yargs makes itself a require for configuration files and folders of commands: there are none.
  'node:module': `exports.createRequire = () => undefined`,
}

const substitution = {
  name: 'substitution',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(string-width|assert|node:module)$/ }, ({ path, importer }) =>
      importer.includes('/node_modules/') ? { path, namespace: 'substitute' } : undefined,
    )
    onLoad({ filter: /./, namespace: 'substitute' }, ({ path }) => ({
      contents: substitutes[path],
      resolveDir: top,
    }))
  },
}

const makeBundle = () =>
  build({
    entryPoints: [join(top, 'src/main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    // Names stay: they stand in the traces of faults, and cost nothing where the cache is used.
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'linked',
    logLevel: 'warning',
    plugins: [substitution],
    banner: { js: '(function (module, require) {' },
    footer: { js: '})' },
    define: {
      // Where yargs looks for its locale files, which it needs only in other languages than English.
      'import.meta.url': '"file:///nonexistent/node_modules/yargs/lib/platform-shims/esm.mjs"',
      // The streams of a process take a millisecond to make; the width of help is given to yargs.
      'process.stdout.columns': 'undefined',
    },
  })

const trees = join(top, 'test/fixtures/trees')
const onTree = (name, ...words) => [...words, '--sysroot', join(trees, name)]

/** Command lines whose functions are in the cache: what is in none of them is compiled when called. */
const usual = [
  onTree('one-node', 'list'),
  onTree('two-nodes', 'list', '--per-node'),
  onTree('two-nodes', 'list', '--json'),
  onTree('two-nodes', 'list', '--raw', '-o', '+IN-USE'),
  onTree('one-node', 'resize', '2M=100'),
  onTree('two-nodes', 'resize', '2M=+4', '--dry-run'),
  onTree('one-node', 'mounts'),
  ['list', '2X'],
  ['--help'],
  ['resize', '--help'],
  ['__complete', 'resize', '2'],
]

const streams = {
  out: () => {},
  err: () => {},
  outIsTerminal: false,
  errIsTerminal: false,
  environment: {},
}

const makeCache = async () => {
  const source = readFileSync(bundle)
  if (source.some((octet) => octet > 127)) throw new Error(`${bundle}: is not ASCII`)
  const script = new Script(source.latin1Slice(), { filename: bundle })
  const program = {}
  script.runInThisContext()(program, require)
  const { main } = program.exports
  const loadNative = () => {
    throw new Error('no command line of the build needs the addon')
  }
  for (const words of usual) await main(words, { streams, loadNative })
  writeFileSync(`${bundle}.cache`, Buffer.concat([script.createCachedData(), source]))
}

rmSync(join(top, 'dist'), { recursive: true, force: true })
await makeBundle()
await makeCache()
