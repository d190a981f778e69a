import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const builtAddon = '../native/build/Release/hugepool.node'

/** What stands for the modules that the launcher takes from beside itself. */
const inside = {
  'node:fs': 'inside-files.cjs',
  [builtAddon]: 'inside-addon.cjs',
}

/** Makes one script of the launcher, bin/hugepool.js, which finds everything inside its own file. */
export const bundleLauncher = (top, outfile) =>
  build({
    entryPoints: [join(top, 'bin/hugepool.js')],
    outfile,
    absWorkingDir: top,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'inside',
        setup: ({ onResolve, onLoad }) => {
          // There is one addon inside, so that none of the package's is looked for.
          onLoad({ filter: /\/bin\/hugepool\.js$/ }, ({ path }) => {
            const text = readFileSync(path, 'utf8')
            const contents = text.replace(/`[^`]*prebuilds[^`]*`/, `'${builtAddon}'`)
            if (contents === text) throw new Error(`${path}: names addons in another way`)
            return { contents, loader: 'js' }
          })
          onResolve({ filter: /./ }, ({ path, importer }) =>
            importer.endsWith('/bin/hugepool.js') && path in inside
              ? { path: join(top, 'bin/one-file', inside[path]) }
              : undefined,
          )
        },
      },
    ],
  })
