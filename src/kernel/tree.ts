import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { asOctets, type Octets } from '../model/etc/octets.ts'

/**
 * All that hugepool knows of the outside: files below one root, named by absolute paths such as
 * `/proc/meminfo`. Every call throws Node's own system errors; `errno.ts` gives them words.
 */
export interface Tree {
  /** The directory that stands for `/`. */
  readonly root: string
  /** All octets, read to the end: the sizes that stat gives for pseudo files lie. */
  read(path: string): Octets
  /** One write(2) of the value and a newline, as `echo VALUE > PATH` does. */
  write(path: string, value: string): void
  /** The names in a directory, in no order. */
  list(path: string): readonly string[]
  /** Throws EACCES, EROFS or ENOENT where a write would. */
  checkWritable(path: string): void
}

/**
 * O_TRUNC, or a recorded file would keep the tail of its old value. Never O_CREAT: a missing
 * attribute has to be ENOENT, where sysfs would answer O_CREAT with a misleading EACCES.
 */
const writeFlags = constants.O_WRONLY | constants.O_TRUNC

const writeOnce = (file: string, text: string): void => {
  const descriptor = openSync(file, writeFlags)
  try {
    writeSync(descriptor, text)
  } finally {
    closeSync(descriptor)
  }
}

/** Longer than any attribute; /proc/meminfo and the like take more rounds. */
const block = Buffer.allocUnsafe(16384)

const readWhole = (file: string): Octets => {
  const descriptor = openSync(file, constants.O_RDONLY)
  try {
    let all = ''
    for (;;) {
      const length = readSync(descriptor, block)
      if (length === 0) return asOctets(all)
      all += block.toString('latin1', 0, length)
    }
  } finally {
    closeSync(descriptor)
  }
}

/** Paths are absolute and in order already: path.join would look at every character of thousands. */
export const directoryTree = (root: string): Tree => {
  const prefix = root.replace(/\/+$/, '')
  return {
    root,
    read: (path) => readWhole(prefix + path),
    write: (path, value) => writeOnce(prefix + path, `${value}\n`),
    list: (path) => readdirSync(prefix + path),
    checkWritable: (path) => accessSync(prefix + path, constants.W_OK),
  }
}

/** f_type of sysfs, from the kernel's include/uapi/linux/magic.h. */
const sysfsMagic = 0x62656572

/** Whether the tree is the running kernel and not a recording, by whatever path it is reached. */
export const isLive = (tree: Tree): boolean => {
  try {
    return statfsSync(join(tree.root, '/sys')).type === sysfsMagic
  } catch {
    return false
  }
}
