#!/usr/bin/env node
'use strict'
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { Script } = require('node:vm')

if (process.platform !== 'linux') {
  process.stderr.write('hugepool: runs on Linux only: HugeTLB pools are a feature of its kernel\n')
  process.exit(4)
}

/**
 * What V8 compiled of the bundle when it was built: bin/build.mjs. Behind it stands the bundle that it
 * was made from, for V8 itself compares no more of a source than its length.
 */
const codeCache = (bundle, source) => {
  try {
    const cache = readFileSync(`${bundle}.cache`)
    const end = cache.length - source.length
    if (end > 0 && source.equals(cache.subarray(end))) return cache.subarray(0, end)
  } catch {
    // Without it the program starts later and does the same.
  }
  return undefined
}

const bundle = join(__dirname, '../dist/hugepool.js')
const source = readFileSync(bundle)
// A cache of another node, or of one with other flags, is rejected by V8 without a word.
const script = new Script(source.latin1Slice(), {
  filename: bundle,
  cachedData: codeCache(bundle, source),
})
const program = {}
script.runInThisContext()(program, require)
program.exports.launch(() => require('../native/build/Release/hugepool.node'))
