'use strict'
// The program that is one file. This runs once, when it is made: what most command lines need is
// loaded and called, and the memory after that is saved. The file starts with that memory.
const { writeSync } = require('node:fs')
const { Script } = require('node:vm')
// This is startupSnapshot of node:v8, which alone would load all of node:stream.
const { namespace: startupSnapshot } = require('internal/v8/startup_snapshot')
const { loadAddon } = require('./inside-addon.cjs')
const inside = require('./inside-files.cjs')
const { warmUp } = require('./warm-up.cjs')

/** The directory that the bundles have in the stack of a fault. */
const top = '/hugepool'

/** The cache of a bundle, which the bundle itself follows. */
const codeCache = (name, source) => {
  const cache = inside.readIfPresent(`${name}.cache`)
  return cache?.subarray(0, cache.length - source.length)
}

const load = (file) => {
  const name = `dist/${file}`
  const source = inside.read(name)
  const options = { filename: `${top}/${name}`, cachedData: codeCache(name, source) }
  const module = {}
  new Script(source.latin1Slice(), options).runInThisContext()(module, need)
  return module.exports
}

const need = (name) => {
  if (!name.endsWith('.js')) return inside.builtin(name)
  loaded[name] ??= loaded['hugepool.js'].parts[name]?.() ?? load(name)
  return loaded[name]
}

const loaded = {}
loaded['hugepool.js'] = load('hugepool.js')
const program = loaded['hugepool.js']

/** Tells why nothing could be started, as bin/hugepool.js does. */
const fail = (error) => {
  if (error.syscall === undefined) throw error
  const limit = error.code === 'EMFILE' ? "hint: 'ulimit -n' is the limit of this process\n" : ''
  writeSync(2, `hugepool: cannot start: ${error.message}\n${limit}`)
  process.exit(1)
}

let addon

const start = () => {
  inside.begin()
  program
    .launch({
      loadNative: () => {
        addon ??= loadAddon(inside)
        return addon
      },
      program: [process.execPath],
      packaged: {
        fileOf: (name) => `${top}/${name}`,
        read: (name) => inside.read(name).toString(),
      },
      readBeside: (path) => inside.read(path.slice(`${top}/`.length)),
    })
    .catch(fail)
}

startupSnapshot.setDeserializeMainFunction(start)
warmUp(program.main)
