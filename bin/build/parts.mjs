import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { definitions, substitution } from './substitutes.mjs'

/** The bundle that every command line loads. */
export const program = 'hugepool.js'

/** Returns the names and all names that they lead to, directly or through others. */
const closed = (names, leadsTo, found = new Set()) => {
  for (const name of names) {
    if (found.has(name)) continue
    found.add(name)
    closed(leadsTo(name), leadsTo, found)
  }
  return found
}

/**
 * Lets esbuild split src into ECMAScript modules. Code that is imported on demand gets parts of its
 * own. `always` names the parts of the program: what `main` imports, and the parser of the command
 * line. `main` imports the parser on demand only because completion does not need it. `bundled` are
 * the files that the code is from.
 */
export const splitParts = async (top) => {
  const { outputFiles, metafile } = await build({
    entryPoints: { [program.replace('.js', '')]: join(top, 'src/main.ts') },
    absWorkingDir: top,
    outdir: join(top, 'dist'),
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: 'inline',
    sourcesContent: false,
    legalComments: 'inline',
    logLevel: 'warning',
    define: definitions,
    plugins: [substitution(top)],
  })
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]),
  )
  const importsOf = (name, kind) =>
    outputs
      .get(name)
      .imports.filter((each) => each.kind === kind && !each.external)
      .map(({ path }) => basename(path))
  const parsing = importsOf(program, 'dynamic-import').filter((name) => /^parse-/.test(name))
  const statically = (name) => importsOf(name, 'import-statement')
  const bundled = [...outputs.values()].flatMap(({ inputs }) => Object.keys(inputs))
  return {
    bundled,
    texts: new Map(outputFiles.map(({ path, text }) => [basename(path), text])),
    statically,
    exportsOf: (name) => outputs.get(name).exports,
    atOnce: closed([program], statically),
    always: closed([program, ...parsing], statically),
  }
}
