import type { FileState, FileUser, Use } from './huge-file.ts'
import { uses } from './huge-file.ts'

/** What the looks at one file found. */
export interface FileFindings {
  readonly users: readonly FileUser[]
  /** True where /proc/locks has a lock or a lease of the file. */
  readonly isLocked: boolean
  /** Whether every process could be looked into. */
  readonly isComplete: boolean
  /**
   * Whether the kernel gave a lease, which it gives only where nobody else has the file open or
   * mapped; absent where none was tried or this file system knows none (from 7.0 on).
   */
  readonly lease?: boolean
}

/** Decides who has a file. A lease outweighs a look that could not see every process. */
export const stateOf = ({ users, isLocked, isComplete, lease }: FileFindings): FileState => {
  const found = new Set<Use>(users.map(({ use }) => use))
  if (isLocked) found.add('locked')
  const use = uses.find((one) => found.has(one))
  if (use !== undefined) return use
  if (lease === false) return 'open'
  return isComplete || lease === true ? 'left' : 'unknown'
}
