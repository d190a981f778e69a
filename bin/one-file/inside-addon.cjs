'use strict'
// Loads the addon of the program that is one file. The loader of the system takes it from a file, so
// it gets one that has no name in any directory.
const { closeSync, constants, openSync, writeSync } = require('node:fs')

/** MFD_CLOEXEC and MFD_NOEXEC_SEAL of linux/memfd.h. */
const closeOnExec = 1
const notExecuted = 8

/** A file in memory. It needs the node:ffi of Node 26. */
const inMemory =
  (flags) =>
  ({ builtin }) => {
    const { dlopen } = builtin('node:ffi')
    const call = { memfd_create: { arguments: ['buffer', 'u32'], return: 'i32' } }
    const { memfd_create: create } = dlopen(null, call).functions
    const descriptor = create(Buffer.from('hugepool.node\0'), flags)
    if (descriptor < 0) throw new Error('memfd_create failed')
    return descriptor
  }

/** O_TMPFILE, which Node does not name: a directory, and the bit of its own (asm-generic/fcntl.h). */
const withoutName = 0o20000000 | constants.O_DIRECTORY

const inDirectory = (directory) => () => openSync(directory, constants.O_RDWR | withoutName, 0o700)

/**
 * Where the file can be, best first: a directory may be missing, full, read-only or noexec. Where
 * vm.memfd_noexec is 2, Linux 6.3 to 6.5 want to hear that a file in memory is not for execve(2).
 */
const places = [
  inMemory(closeOnExec),
  inMemory(closeOnExec | notExecuted),
  ...['/dev/shm', '/run', '/tmp', '/'].map(inDirectory),
]

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

const isShortage = ({ code }) => code === 'EMFILE' || code === 'ENFILE'

const hint =
  'it takes a kernel that has memfd_create(2), or /dev/shm, /run, /tmp or / where files can be made and executed'

/** Returns what the addon exports. */
exports.loadAddon = (inside) => {
  const octets = inside.read('native/hugepool.node')
  const failures = []
  for (const place of places) {
    try {
      return loadFrom(place, inside, octets)
    } catch (error) {
      failures.push(error)
    }
  }
  const message = failures.map((each) => each.message).join('; ')
  const { code } = failures.find(isShortage) ?? {}
  throw Object.assign(new Error(`the addon cannot be loaded: ${message}`), { code, hint })
}
