'use strict'
// Loads the addon of the program that is one file. The loader of the system takes it from a file, so
// it gets one that has no name in any directory.
const { closeSync, constants, openSync, writeSync } = require('node:fs')

/** MFD_CLOEXEC of linux/memfd.h. */
const closeOnExec = 1

/** A file in memory. It needs the node:ffi of Node 26. */
const inMemory = ({ builtin }) => {
  const { dlopen } = builtin('node:ffi')
  const call = { memfd_create: { arguments: ['buffer', 'u32'], return: 'i32' } }
  const descriptor = dlopen(null, call).functions.memfd_create(
    Buffer.from('hugepool.node\0'),
    closeOnExec,
  )
  if (descriptor < 0) throw new Error('memfd_create failed')
  return descriptor
}

/** O_TMPFILE, which Node does not name: a directory, and the bit of its own (asm-generic/fcntl.h). */
const withoutName = 0o20000000 | constants.O_DIRECTORY

const inDirectory = (directory) => () => openSync(directory, constants.O_RDWR | withoutName, 0o700)

/** Where the file can be, best first: a directory may be missing, full, read-only or noexec. */
const places = [inMemory, ...['/dev/shm', '/run', '/tmp', '/'].map(inDirectory)]

const loadFrom = (place, inside, octets) => {
  const descriptor = place(inside)
  try {
    for (let done = 0; done < octets.length; ) done += writeSync(descriptor, octets, done)
    const addon = { exports: {} }
    process.dlopen(addon, `/proc/self/fd/${descriptor}`)
    return addon.exports
  } finally {
    closeSync(descriptor)
  }
}

/** Returns what the addon exports. */
exports.loadAddon = (inside) => {
  const octets = inside.read('native/hugepool.node')
  const failures = []
  for (const place of places) {
    try {
      return loadFrom(place, inside, octets)
    } catch (error) {
      failures.push(error.message)
    }
  }
  throw new Error(`the addon cannot be loaded: ${failures.join('; ')}`)
}
