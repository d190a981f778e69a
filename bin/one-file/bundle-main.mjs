import { join } from 'node:path'
import { build } from 'esbuild'

/** Makes one script of what runs when the memory of the one file is saved. */
export const bundleMain = (top, outfile) =>
  build({
    entryPoints: [join(top, 'bin/one-file/main.cjs')],
    outfile,
    absWorkingDir: top,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    // What Node keeps to itself is there while the memory is saved (savingWords of make.mjs).
    external: ['internal/*'],
    target: 'node26',
    minify: true,
    logLevel: 'warning',
  })
