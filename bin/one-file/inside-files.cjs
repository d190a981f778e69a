'use strict'
// Stands for node:fs in the launcher of the program that is one file: the files beside it are inside.
const { getRawAsset } = require('node:sea')
const { writeSync } = require('node:fs')

/** The name of a file inside: its path within the package. */
const nameOf = (path) => path.slice(path.lastIndexOf('/../') + '/../'.length)

exports.writeSync = writeSync

/** Reads a file without copying it. What Node throws for one that is not there is a missing file. */
exports.readFileSync = (path, encoding) => {
  let octets
  try {
    octets = Buffer.from(getRawAsset(nameOf(path)))
  } catch (error) {
    throw Object.assign(error, { code: 'ENOENT', path })
  }
  return encoding === undefined ? octets : octets.toString(encoding)
}
