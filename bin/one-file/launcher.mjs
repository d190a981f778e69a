import { join } from 'node:path'
import { build } from 'esbuild'

/** What stands for the modules that the launcher takes from beside itself. */
const inside = {
  'node:fs': 'inside-files.cjs',
  '../native/build/Release/hugepool.node': 'inside-addon.cjs',
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
    // The addons of the package, which the launcher would take otherwise.
    loader: { '.node': 'empty' },
    plugins: [
      {
        name: 'inside',
        setup: ({ onResolve }) =>
          onResolve({ filter: /./ }, ({ path, importer }) =>
            importer.endsWith('/bin/hugepool.js') && path in inside
              ? { path: join(top, 'bin/one-file', inside[path]) }
              : undefined,
          ),
      },
    ],
  })
