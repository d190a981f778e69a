import { HugepoolError } from '../../errors.ts'
import { type Bytes, fromKilobytes } from '../../model/words/bytes.ts'
import { isShortage } from '../errno.ts'
import { readIfPresent, readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** Values in bytes by name. Lines that count pages, such as HugePages_Total, are left out. */
export type Meminfo = ReadonlyMap<string, Bytes>

const linePattern = /^(?:Node \d+ )?(\S+):\s+(\d+) kB$/gm

/**
 * Parses /proc/meminfo (fs/proc/meminfo.c) and /sys/devices/system/node/nodeN/meminfo
 * (drivers/base/node.c).
 */
export const parseMeminfo = (text: string): Meminfo => {
  const values = new Map<string, Bytes>()
  for (const [, name, kilobytes] of text.matchAll(linePattern))
    if (name !== undefined && kilobytes !== undefined) values.set(name, fromKilobytes(kilobytes))
  return values
}

/** Reads the values of a meminfo; none where the file cannot be read. */
export const readMeminfo = (tree: Tree, path = '/proc/meminfo'): Meminfo =>
  parseMeminfo(readIfReadable(tree, path) ?? '')

/**
 * Returns the error with which reading /proc/meminfo fails. Returns undefined where it can be read,
 * and where it is missing or may not be read, which counts as no error.
 */
export const meminfoFault = (tree: Tree): HugepoolError | undefined => {
  try {
    readIfPresent(tree, '/proc/meminfo')
    return undefined
  } catch (error) {
    if (error instanceof HugepoolError && !isShortage(error)) return error
    throw error
  }
}
