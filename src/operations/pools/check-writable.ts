import { explain } from '../../kernel/errno.ts'
import type { Ports } from '../ports.ts'

/** Throws the error of the first file that a write would fail on, before anything is written. */
export const checkWritable = (ports: Ports, paths: readonly string[]): void => {
  for (const path of paths) {
    try {
      ports.tree.checkWritable(path)
    } catch (error) {
      throw explain(error, path)
    }
  }
}
