import { join } from 'node:path'
import { build } from 'esbuild'
import { program } from './caches.mjs'
import { writeLicences } from './licences.mjs'
import { packMaps } from './maps.mjs'
import { splitParts } from './parts.mjs'
import { writeBom } from './sbom.mjs'

/**
 * Gives esbuild the parts of one bundle. The bundle requires all other parts by name at run time.
 */
const fromParts = (texts, inside, resolveDir) => ({
  name: 'parts',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^\.\// }, ({ path }) => {
      const name = path.slice('./'.length)
      return inside.has(name)
        ? { path: join(resolveDir, name), namespace: 'part' }
        : { path: name, external: true }
    })
    onLoad({ filter: /./, namespace: 'part' }, ({ path }) => ({
      contents: texts.get(path.slice(resolveDir.length + 1)),
      resolveDir,
    }))
  },
})

/** Writes a bundle as a script whose value is a function, which the launcher calls. */
const makeBundle = (dist, name, contents, texts, inside) =>
  build({
    stdin: { contents, resolveDir: dist },
    outfile: join(dist, name),
    bundle: true,
    preserveSymlinks: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    supported: { 'dynamic-import': false },
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'linked',
    logLevel: 'warning',
    plugins: [fromParts(texts, inside, dist)],
    banner: { js: '(function (module, require) {' },
    footer: { js: '})' },
  })

/**
 * Returns the source of the program, which also exports those of its parts that other bundles
 * require. A part is made when it is asked for, because a start needs none.
 */
const programText = ({ statically, exportsOf, atOnce, always, packs, texts }) => {
  const others = [...texts.keys()].filter((name) => !always.has(name))
  const shared = new Set(others.flatMap(statically).filter((name) => always.has(name)))
  const lines = [...shared].map((name, index) => {
    if (!atOnce.has(name)) return ['', `'${name}': () => require('./${name}')`]
    const names = exportsOf(name).map((each) => [each, `${each}_${index}`])
    return [
      `import { ${names.map(([each, own]) => `${each} as ${own}`)} } from './${name}'`,
      `'${name}': () => ({ ${names.map(([each, own]) => `${each}: ${own}`)} })`,
    ]
  })
  const packed = packs.flatMap(({ name, inside }) =>
    [...inside].map((each) => `'${each}': () => require('./${name}').parts['${each}']()`),
  )
  return `export * from './${program}'
    ${lines.map(([line]) => line).join('\n')}
    export const parts = { ${[...lines.map(([, entry]) => entry), ...packed].join(', ')} }`
}

/** Returns the source of a pack: its parts by name. */
const packText = (inside) => {
  const entries = [...inside].map((name) => `'${name}': () => require('./${name}')`)
  return `export const parts = { ${entries.join(', ')} }`
}

/** The package of this header has code in the addon. */
const addonHeader = 'node_modules/node-addon-api/napi.h'

/**
 * Writes the program as one bundle, the packs, and each other part as a bundle of its own.
 * No module is in two bundles. The licences of what is bundled and the list of it stand beside them.
 */
export const makeBundles = async (top, dist) => {
  const split = await splitParts(top)
  const files = [...split.bundled, addonHeader]
  writeLicences(top, dist, files)
  writeBom(top, dist, files)
  await makeBundle(dist, program, programText(split), split.texts, split.always)
  for (const { name, inside } of split.packs)
    await makeBundle(dist, name, packText(inside), split.texts, inside)
  const groups = [split.always, ...split.packs.map(({ inside }) => inside)]
  for (const name of split.texts.keys())
    if (!groups.some((group) => group.has(name)))
      await makeBundle(dist, name, `export * from './${name}'`, split.texts, new Set([name]))
  packMaps(dist)
}
