import { type HugepoolError, objectionOf } from '../../errors.ts'
import { explain } from '../../kernel/errno.ts'
import { missingMeaning } from '../../kernel/read-attribute.ts'
import { isLive } from '../../kernel/tree.ts'
import type { Ports } from '../ports.ts'

/** Throws the error of the first file that a write would fail on, before anything is written. */
export const checkWritable = (ports: Ports, paths: readonly string[]): void => {
  for (const path of paths) {
    try {
      ports.tree.checkWritable(path)
    } catch (error) {
      throw explain(error, path, missingMeaning(ports.tree, path))
    }
  }
}

/**
 * Returns the error with which a real run would be denied its first write, for a dry run, which
 * needs no right. Undefined for a recording: the rights of its files are not those of the machine.
 */
export const writeDenied = (ports: Ports, paths: readonly string[]): HugepoolError | undefined =>
  isLive(ports.tree) ? objectionOf(() => checkWritable(ports, paths))[0] : undefined
