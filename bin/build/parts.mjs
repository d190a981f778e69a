import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { program } from './caches.mjs'
import { definitions, substitution } from './substitutes.mjs'

/** Matches the parts of the commands that the bundle of the program has. */
const usualCommands = /^(?:list|resize)-[A-Z0-9]+\.js$/

/**
 * Match the parts that are bundled together with the parts that they need, because a further file
 * costs a start a thousandth of its time. A part that two of them need stays a bundle of its own,
 * because to load a pack for one of its parts costs more.
 */
const packedParts = [
  /^table-[A-Z0-9]+\.js$/,
  /^resize-and-find-holders-[A-Z0-9]+\.js$/,
  /^completion-text-[A-Z0-9]+\.js$/,
]

/** Returns the names and all names that they lead to, directly or through others. */
const closed = (names, leadsTo, found = new Set()) => {
  for (const name of names) {
    if (found.has(name)) continue
    found.add(name)
    closed(leadsTo(name), leadsTo, found)
  }
  return found
}

/** Returns the bundles of `packedParts`, which leave out the parts of the program. */
const packsOf = (names, statically, always) => {
  const needed = packedParts.map((wanted) => {
    const name = names.find((each) => wanted.test(each))
    return { name, parts: [...closed([name], statically)].filter((each) => !always.has(each)) }
  })
  const isShared = (part) => needed.filter(({ parts }) => parts.includes(part)).length > 1
  return needed.map(({ name, parts }) => ({
    name: `with-${name}`,
    inside: new Set(parts.filter((part) => !isShared(part))),
  }))
}

/**
 * Lets esbuild split src into ECMAScript modules. Code that is imported on demand gets parts of its
 * own. `always` names the parts of the program: what `main` imports, the parser of the command
 * line, and the commands that scripts call in loops. They are imported on demand only because
 * completion and other commands do not need them. `packs` are bundles of several parts. `bundled`
 * are the files that the code is from.
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
    // The names of parts are then the same where node_modules is a link.
    preserveSymlinks: true,
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
  const onDemand = (name, wanted) =>
    importsOf(name, 'dynamic-import').filter((each) => wanted.test(each))
  const statically = (name) => importsOf(name, 'import-statement')
  const parsing = onDemand(program, /^parse-/)
  const usual = [...closed(parsing, statically)].flatMap((name) => onDemand(name, usualCommands))
  const always = closed([program, ...parsing, ...usual], statically)
  const bundled = [...outputs.values()].flatMap(({ inputs }) => Object.keys(inputs))
  return {
    bundled,
    texts: new Map(outputFiles.map(({ path, text }) => [basename(path), text])),
    statically,
    exportsOf: (name) => outputs.get(name).exports,
    atOnce: closed([program], statically),
    always,
    packs: packsOf([...outputs.keys()], statically, always),
  }
}
