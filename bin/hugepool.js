#!/usr/bin/env node
'use strict'
const { readFileSync, statSync, writeSync } = require('node:fs')
const { Script } = require('node:vm')

let head

/**
 * What a code cache of this Node begins with (bin/build/caches.mjs). V8 takes what another Node made with
 * a V8 of the same four numbers, and crashes where the two are patched differently. No version tells of the
 * patches of a distribution, but size and time of the executable do.
 */
const headOfOurs = () => {
  const { arch, version, versions, execPath } = process
  const { size, mtimeMs } = statSync(execPath)
  const words = [arch, version, versions.v8, size, Math.trunc(mtimeMs / 1000)]
  return words.join(' ').padEnd(128)
}

/**
 * Reads the code that V8 compiled from a bundle at build time, or at the installation. The cache file ends
 * with the bundle itself, because V8 compares only the length of a source.
 */
const codeCache = (file, source) => {
  try {
    head ??= headOfOurs()
    const cache = readFileSync(`${file}.cache`)
    const end = cache.length - source.length
    const isOurs = end > head.length && cache.latin1Slice(0, head.length) === head
    if (isOurs && source.equals(cache.subarray(end))) return cache.subarray(head.length, end)
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
  // V8 silently rejects a cache that was made with other flags.
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
