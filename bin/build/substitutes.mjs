import { readFileSync } from 'node:fs'

/** Modules that replace those that packages import, by name. */
const substitutes = {
  // The package makes a pattern of all emoji and a segmenter whenever it is loaded, which takes
  // half of the time of yargs. The substitute is CommonJS because cli-table3 expects the function
  // itself. Nearly every text is ASCII.
  'string-width': `const narrow = /^[ -~]*$/
    module.exports = (text) =>
      narrow.test(text) ? text.length : require('fast-string-width').default(text)`,
  // Most texts of help fit their column, and the package makes all styles of a terminal when it is
  // loaded.
  'wrap-ansi': `const trimmed = /^[!-~](?:[ -~]*[!-~])?$/
    module.exports = (text, columns, options) =>
      text.length <= columns && trimmed.test(text)
        ? text
        : require('wrap-ansi').default(text, columns, options)`,
  // yargs makes two assertions at every start, and the module of Node takes 3 ms to load.
  assert: `const check = (holds, message) => { if (!holds) throw new Error(message) }
    exports.strictEqual = (one, other, message) => check(Object.is(one, other), message)
    exports.notStrictEqual = (one, other, message) => check(!Object.is(one, other), message)`,
  // yargs checks the types of what it is called with, which takes a twentieth of the time of
  // `list`. TypeScript checks them here.
  './argsert.js': `exports.argsert = () => {}`,
  // yargs creates a `require` for configuration files and folders of commands. hugepool has
  // neither.
  'node:module': `exports.createRequire = () => undefined`,
}

/** Applies the substitutes to imports of packages only. */
export const substitution = (top) => ({
  name: 'substitution',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /./ }, ({ path, importer }) =>
      path in substitutes && importer.includes('/node_modules/')
        ? { path, namespace: 'substitute' }
        : undefined,
    )
    // yargs lets variables of the environment change help and names.
    onLoad({ filter: /\/yargs\/lib\/platform-shims\/esm\.mjs$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const contents = text.replace('return process.env[key]', 'return undefined')
      if (contents === text) throw new Error(`${path}: reads the environment in another way`)
      return { contents, loader: 'js' }
    })
    onLoad({ filter: /./, namespace: 'substitute' }, ({ path }) => ({
      contents: substitutes[path],
      resolveDir: top,
    }))
  },
})

/** Values that replace expressions of packages that cost time or mean nothing in a bundle. */
export const definitions = {
  // yargs looks for its locale files at this URL. It needs them only in languages other than
  // English.
  'import.meta.url': '"file:///nonexistent/node_modules/yargs/lib/platform-shims/esm.mjs"',
  // yargs-parser reads this variable for its own tests.
  'process.env.YARGS_MIN_NODE_VERSION': 'undefined',
  // The streams of a process take a millisecond to create, and yargs is told the width of help.
  'process.stdout.columns': 'undefined',
}
