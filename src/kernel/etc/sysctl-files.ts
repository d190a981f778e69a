import { HugepoolError } from '../../errors.ts'
import { isShortage } from '../errno.ts'
import { listIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { readEtc } from './etc-files.ts'
import { sysctlPaths } from './fragment-files.ts'

/** Runs `read`; returns undefined where the file cannot be read or is no regular file. */
const ifReadable = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch (error) {
    if (error instanceof HugepoolError && !isShortage(error)) return undefined
    throw error
  }
}

/**
 * Reads the files that set sysctls at a start, in the order in which they are applied. Files that
 * cannot be read are left out.
 */
export const readSysctlFiles = (tree: Tree): readonly string[] =>
  sysctlPaths(tree, listIfReadable).flatMap((path) => ifReadable(() => readEtc(tree, path)) ?? [])
