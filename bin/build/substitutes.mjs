/** Modules that packages are given in place of those that they ask for, by name. */
const substitutes = {
  // Its own makes a pattern of all emoji and a segmenter whenever it is loaded, half of yargs' time.
  // cli-table3 wants the function itself, hence CommonJS.
  'string-width': `module.exports = require('fast-string-width').default`,
  // yargs has two assertions that it makes at every start; Node's own take 3 ms to load.
  assert: `const check = (holds, message) => { if (!holds) throw new Error(message) }
    exports.strictEqual = (one, other, message) => check(Object.is(one, other), message)
    exports.notStrictEqual = (one, other, message) => check(!Object.is(one, other), message)`,
  // yargs makes itself a require for configuration files and folders of commands: there are none.
  'node:module': `exports.createRequire = () => undefined`,
}

/** Puts the substitutes in place, for packages alone. */
export const substitution = (top) => ({
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
})

/** What stands for expressions of packages that cost time or mean nothing in a bundle. */
export const definitions = {
  // Where yargs looks for its locale files, which it needs only in other languages than English.
  'import.meta.url': '"file:///nonexistent/node_modules/yargs/lib/platform-shims/esm.mjs"',
  // The streams of a process take a millisecond to make; the width of help is given to yargs.
  'process.stdout.columns': 'undefined',
}
