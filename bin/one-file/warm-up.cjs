'use strict'
// What runs before the memory of the program is saved. V8 keeps there the code of each function that
// was called, and compiles any other one when it is called. It forgets what was not called for some
// collections of garbage.
const { closeSync, openSync, writeSync } = require('node:fs')
const { internalBinding } = require('internal/test/binding')
const { prepareMainThreadExecution } = require('internal/process/pre_execution')

/** Enough to have the memory collected so often that code which only Node's own start needs is gone. */
const garbage = { arrays: 6000, length: 10000 }

const collect = () => {
  let last
  for (let count = 0; count < garbage.arrays; count += 1)
    last = new Array(garbage.length).fill(count)
  return last.length
}

/** They load no more than the program and tables: memory that few command lines need costs all time. */
const lines = (trees) => [
  ['list', '--sysroot', `${trees}/one-node`],
  ['list', '--per-node', '--sysroot', `${trees}/two-nodes`],
  ['list', '--json', '--sysroot', `${trees}/two-nodes`],
]

/** Writes as the program does (src/output/streams.ts). */
const write = (text) => {
  const descriptor = openSync('/dev/null', 'w')
  writeSync(descriptor, Buffer.from(text))
  closeSync(descriptor)
}

const outside = {
  streams: {
    out: write,
    err: (text) => {
      throw new Error(text)
    },
    outIsTerminal: false,
    errIsTerminal: false,
    environment: {},
  },
  loadNative: () => {
    throw new Error('no command line of these needs the addon')
  },
}

/**
 * Takes what Node knows of this process and of the files it looked at last out of the memory: each would
 * make another program of the same sources. Node finds it anew at each start.
 */
const forget = () => {
  Object.defineProperty(process, 'pid', { value: 0 })
  const { statValues, statFsValues } = internalBinding('fs')
  for (const values of [statValues, statFsValues]) values.fill(0)
}

exports.warmUp = async (main) => {
  collect()
  // Node does this before the program, while memory is saved and again when it starts: of what was
  // forgotten, each start would compile it.
  prepareMainThreadExecution(false, true)
  for (const line of lines(`${process.env.HUGEPOOL_INSIDE}/trees`)) await main(line, outside)
  forget()
}
