#!/usr/bin/env node
'use strict'
const { readFileSync, writeSync } = require('node:fs')
const { Script } = require('node:vm')

/**
 * Reads the code that V8 compiled from a bundle at build time, or at the installation
 * (bin/build/caches.mjs). The cache file ends with the bundle itself, because V8 compares only the
 * length of a source. It begins with the processor: V8 takes the code of another one, and crashes.
 */
const codeCache = (file, source) => {
  try {
    const cache = readFileSync(`${file}.cache`)
    const end = cache.length - source.length
    const isOurs = cache.latin1Slice(0, 8) === process.arch.padEnd(8)
    if (end > 8 && isOurs && source.equals(cache.subarray(end))) return cache.subarray(8, end)
  } catch {
    // Without a cache the program starts more slowly and does the same.
  }
  return undefined
}

/** Reads a file of the program. What fails after it was opened is an error that names no file. */
const readOwn = (filename) => {
  try {
    return readFileSync(filename)
  } catch (error) {
    error.path ??= filename
    throw error
  }
}

const load = (name) => {
  const filename = `${top}/dist/${name}`
  const source = readOwn(filename)
  // V8 silently rejects a cache that was made by another Node or with other flags.
  const cachedData = codeCache(filename, source)
  const module = {}
  new Script(source.latin1Slice(), { filename, cachedData }).runInThisContext()(module, need)
  return module.exports
}

/** Returns what a bundle requires: a part of the program, another bundle or a module of Node. */
const need = (name) => {
  if (!name.endsWith('.js')) return require(name)
  loaded[name] ??= program.parts[name]?.() ?? load(name)
  return loaded[name]
}

const loaded = {}
let program

/**
 * Loads the addon that was compiled here, or else the one that the package has for this processor.
 */
const loadAddon = () => {
  try {
    return require('../native/build/Release/hugepool.node')
  } catch (error) {
    try {
      return require(`../native/prebuilds/linux-${process.arch}/hugepool.node`)
    } catch (other) {
      throw other.code === 'MODULE_NOT_FOUND' ? error : other
    }
  }
}

/**
 * Tells why nothing could be started: a file is missing, or may not be opened. Throws any other
 * error.
 */
const fail = (error) => {
  if (error.syscall === undefined) throw error
  const limit = error.code === 'EMFILE' ? "hint: 'ulimit -n' is the limit of this process\n" : ''
  writeSync(2, `hugepool: cannot start: ${error.message}\n${limit}`)
  process.exit(1)
}

const top = `${__dirname}/..`

const launched = {
  loadNative: loadAddon,
  program: [process.execPath, process.argv[1]],
  packaged: {
    fileOf: (name) => `${top}/${name}`,
    read: (name) => readFileSync(`${top}/${name}`, 'utf8'),
  },
}

if (process.platform === 'linux') {
  try {
    program = load('hugepool.js')
    program.launch(launched).catch(fail)
  } catch (error) {
    fail(error)
  }
} else {
  process.stderr.write('hugepool: runs on Linux only: HugeTLB pools are a feature of its kernel\n')
  process.exitCode = 4
}
