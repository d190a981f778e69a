import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { program } from './parts.mjs'

const require = createRequire(import.meta.url)

/**
 * Command lines that the build runs so that the caches contain their functions. V8 compiles any
 * other function when it is called.
 */
const usualLines = (trees) => {
  const on = (tree, ...words) => [...words, '--sysroot', join(trees, tree)]
  return [
    on('one-node', 'list'),
    on('two-nodes', 'list', '--per-node'),
    on('two-nodes', 'list', '--json'),
    on('two-nodes', 'list', '--raw', '-o', '+IN-USE'),
    on('one-node', 'resize', '2M=100'),
    on('two-nodes', 'resize', '2M=+4', '--dry-run'),
    on('one-node', 'mounts'),
    on('one-node', 'doctor'),
    on('one-node', 'list', '--color=always'),
    ['list', '2X'],
    ['--help'],
    ['resize', '--help'],
    ['__complete', 'resize', '2'],
  ]
}

const outside = {
  streams: {
    out: () => {},
    err: () => {},
    outIsTerminal: false,
    errIsTerminal: false,
    environment: {},
  },
  loadNative: () => {
    throw new Error('no command line of the build needs the addon')
  },
}

/** Loads bundles as the launcher does and keeps their scripts. */
const loader = (dist) => {
  const scripts = new Map()
  const load = (name) => {
    const file = join(dist, name)
    const source = readFileSync(file)
    if (source.some((octet) => octet > 127)) throw new Error(`${file}: is not ASCII`)
    const script = new Script(source.latin1Slice(), { filename: file })
    scripts.set(name, { file, source, script })
    const module = {}
    script.runInThisContext()(module, need)
    return module.exports
  }
  const loaded = {}
  const need = (name) => {
    if (!name.endsWith('.js')) return require(name)
    loaded[name] ??= loaded[program].parts[name]?.() ?? load(name)
    return loaded[name]
  }
  loaded[program] = load(program)
  return { need, scripts }
}

/** Writes the code cache of every bundle, followed by the bundle itself. */
export const makeCaches = async (top, dist) => {
  const { need, scripts } = loader(dist)
  const { main } = need(program)
  for (const line of usualLines(join(top, 'test/fixtures/trees'))) await main(line, outside)
  for (const name of readdirSync(dist)) if (name.endsWith('.js')) need(name)
  for (const { file, source, script } of scripts.values())
    writeFileSync(`${file}.cache`, Buffer.concat([script.createCachedData(), source]))
}
