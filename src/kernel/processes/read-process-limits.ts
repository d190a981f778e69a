import type { ProcessLimits, ResourceLimit } from '../../model/processes/process-limits.ts'
import { present } from '../../model/words/present.ts'
import { readIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** The soft limit of a line; undefined where the line is missing. */
const softLimit = (text: string, name: string): ResourceLimit | undefined => {
  const word = new RegExp(`^${name} +(unlimited|\\d+)`, 'm').exec(text)?.[1]
  return word === undefined || word === 'unlimited' ? word : BigInt(word)
}

/**
 * Reads the soft limits of a process (proc_pid_limits in fs/proc/base.c), which is this one where none
 * is named. All are absent where the file cannot be read.
 */
export const readProcessLimits = (tree: Tree, process = 'self'): ProcessLimits => {
  const text = readIfPresent(tree, `/proc/${process}/limits`) ?? ''
  return present({
    addressSpace: softLimit(text, 'Max address space'),
    dataSize: softLimit(text, 'Max data size'),
    fileSize: softLimit(text, 'Max file size'),
    memlock: softLimit(text, 'Max locked memory'),
  })
}
