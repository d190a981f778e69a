'use strict'
// The files of the program that is one file, by their paths within the package. While it is made they
// are in a directory, which HUGEPOOL_INSIDE names; afterwards they are in the file itself.
const { readFileSync } = require('node:fs')

const inDirectory = (name) => readFileSync(`${process.env.HUGEPOOL_INSIDE}/${name}`)
let readOne = inDirectory
let builtinOf = require

/** Returns a file, uncopied where it is inside. */
exports.read = (name) => readOne(name)

exports.readIfPresent = (name) => {
  try {
    return readOne(name)
  } catch {
    return undefined
  }
}

/** Returns a module of Node. What is required while the memory is saved has to be fit for that. */
exports.builtin = (name) => builtinOf(name)

/** What reads files from within: bin/one-file/pack-files.mjs has put them there. */
const fromInside = () => {
  const { getAsset, getRawAsset } = process.getBuiltinModule('node:sea')
  const places = JSON.parse(getAsset('places', 'utf8'))
  const files = Buffer.from(getRawAsset('files'))
  return (name) => {
    if (!Object.hasOwn(places, name))
      throw Object.assign(new Error(`${name}: not inside`), { code: 'ENOENT', path: name })
    return files.subarray(...places[name])
  }
}

/** Called where the saved memory starts to run. */
exports.begin = () => {
  builtinOf = process.getBuiltinModule
  readOne = (name) => {
    readOne = fromInside()
    return readOne(name)
  }
}
