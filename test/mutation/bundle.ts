import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type OutputFile, type Plugin } from 'esbuild'
import type { Room } from './trial.ts'

/** Where a module stands, which it no longer knows once it is part of a bundle. */
const withPlace = (text: string, path: string): string =>
  text
    .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
    .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))

/** Gives a file other text than the disk has, and every file the place where it will be seen. */
const reading = (replaced: ReadonlyMap<string, string>, { top, seen }: Room): Plugin => ({
  name: 'mutation',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^tap$/ }, () => ({ path: './tap.mjs', external: true }))
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (!path.startsWith(join(top, '/'))) return undefined
      const text = replaced.get(path) ?? readFileSync(path, 'utf8')
      return { contents: withPlace(text, join(seen, relative(top, path))), loader: 'ts' }
    })
  },
})

/** Writes what was made. The process of esbuild would do so after this one has ended and removed the directory. */
const put = (files: readonly OutputFile[]): void => {
  for (const { path, contents } of files) writeFileSync(path, contents)
}

/** tap in one module: it takes half of the time to load that its many modules take. */
export const bundleTap = async ({ top, bundle }: Room): Promise<void> => {
  const require = "import { createRequire as requireOf } from 'node:module'\n"
  const { outputFiles } = await build({
    absWorkingDir: top,
    stdin: { contents: "export * from 'tap'\nexport { default } from 'tap'", resolveDir: top },
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: `${require}const require = requireOf(import.meta.url)` },
    outfile: join(dirname(bundle), 'tap.mjs'),
    logLevel: 'error',
    write: false,
  })
  put(outputFiles)
}

/** Bundles tests with all that they reach; `replaced` maps paths of the checkout to other text. */
export const bundleTests = async (
  room: Room,
  tests: readonly string[],
  replaced: Readonly<Record<string, string>>,
): Promise<void> => {
  const { top, bundle } = room
  const texts = new Map(Object.entries(replaced).map(([file, text]) => [join(top, file), text]))
  const { outputFiles } = await build({
    absWorkingDir: top,
    stdin: { contents: tests.map((test) => `import './${test}'`).join('\n'), resolveDir: top },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    target: 'es2023',
    plugins: [reading(texts, room)],
    outfile: bundle,
    logLevel: 'error',
    write: false,
  })
  put(outputFiles)
}
