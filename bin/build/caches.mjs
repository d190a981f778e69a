// This file makes the code caches after a build, and where the package is installed, because each is
// for the very Node that made it. So it imports nothing but modules of Node.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'

const require = createRequire(import.meta.url)

/** The bundle that every command line loads. */
export const program = 'hugepool.js'

/** The file in dist/ that has the machines which the command lines below look at, by path. */
export const machinesName = 'machines.json'

/**
 * Command lines that are run so that the caches contain their functions. V8 compiles any
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
    throw new Error('no command line of these needs the addon')
  },
}

/** Loads bundles as the launcher does and keeps their scripts. A cache has the path of its script inside. */
const loader = (dist, directory) => {
  const scripts = new Map()
  const load = (name) => {
    const file = join(dist, name)
    const source = readFileSync(file)
    if (source.some((octet) => octet > 127)) throw new Error(`${file}: is not ASCII`)
    const script = new Script(source.latin1Slice(), { filename: join(directory, name) })
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

/** Writes the machines of dist/ below a directory. */
export const layMachines = (dist, directory) => {
  const texts = JSON.parse(readFileSync(join(dist, machinesName), 'utf8'))
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(join(directory, dirname(path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
}

/** Calls `use` with a directory that has the machines of dist/ until it has returned. */
const withMachines = async (dist, use) => {
  const directory = mkdtempSync(join(tmpdir(), 'hugepool-'))
  try {
    layMachines(dist, directory)
    await use(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** What a cache begins with, so that another Node does without it: bin/hugepool.js has the same. */
const headOfOurs = () => {
  const { arch, version, versions, execPath } = process
  const { size, mtimeMs } = statSync(execPath)
  const words = [arch, version, versions.v8, size, Math.trunc(mtimeMs / 1000)]
  return words.join(' ').padEnd(128)
}

/**
 * Writes the code cache of every bundle, between what it begins with and the bundle itself. The stack of a
 * fault has the bundles in `directory`.
 */
export const makeCaches = async (dist, { head = headOfOurs(), directory = dist } = {}) => {
  // Else code that was not called for a while is forgotten, and how long that is depends on the machine.
  setFlagsFromString('--no-flush-bytecode')
  const { need, scripts } = loader(dist, directory)
  const { main } = need(program)
  await withMachines(dist, async (machines) => {
    for (const line of usualLines(machines)) await main(line, outside)
  })
  for (const name of readdirSync(dist)) if (name.endsWith('.js')) need(name)
  // V8 notes its flags in a cache, and would reject one that was made with others.
  setFlagsFromString('--flush-bytecode')
  for (const { file, source, script } of scripts.values()) {
    const cache = [Buffer.from(head), script.createCachedData(), source]
    writeFileSync(`${file}.cache`, Buffer.concat(cache))
  }
}
