#!/usr/bin/env node
'use strict'
const { readFileSync } = require('node:fs')
const { Script } = require('node:vm')

if (process.platform !== 'linux') {
  process.stderr.write('hugepool: runs on Linux only: HugeTLB pools are a feature of its kernel\n')
  process.exit(4)
}

/**
 * What V8 compiled of a bundle when it was built: bin/build/caches.mjs. Behind it stands the bundle
 * that it was made from, for V8 itself compares no more of a source than its length.
 */
const codeCache = (file, source) => {
  try {
    const cache = readFileSync(`${file}.cache`)
    const end = cache.length - source.length
    if (end > 0 && source.equals(cache.subarray(end))) return cache.subarray(0, end)
  } catch {
    // Without it the program starts later and does the same.
  }
  return undefined
}

const load = (name) => {
  const filename = `${__dirname}/../dist/${name}`
  const source = readFileSync(filename)
  // A cache of another node, or of one with other flags, is rejected by V8 without a word.
  const cachedData = codeCache(filename, source)
  const module = {}
  new Script(source.latin1Slice(), { filename, cachedData }).runInThisContext()(module, need)
  return module.exports
}

/** Gives a bundle what it asks for: a part of the program, another bundle or a module of Node. */
const need = (name) => {
  if (!name.endsWith('.js')) return require(name)
  loaded[name] ??= program.parts[name]?.() ?? load(name)
  return loaded[name]
}

const loaded = {}
const program = load('hugepool.js')
program.launch(() => require('../native/build/Release/hugepool.node'))
