import type { Pages } from '../../words/count.ts'
import type { PageSize } from '../../words/page-size.ts'
import type { Capability } from '../capability.ts'
import type { FileStatus } from '../who/found-pages.ts'
import type { FileKey, PagesOnNode } from '../who/page-hold.ts'
import type { FileProgram } from './file-program.ts'

/** How somebody has a file: the strongest comes first. */
export const uses = ['mapped', 'open', 'locked'] as const
export type Use = (typeof uses)[number]

/**
 * What is known about who has a file. `left` says that nobody has it, `unknown` that somebody could
 * have it who could not be looked into.
 */
export const fileStates = [...uses, 'left', 'unknown'] as const
export type FileState = (typeof fileStates)[number]

/** A process that has a file. */
export interface FileUser {
  readonly pid: number
  readonly command: string
  readonly use: Use
}

/** A regular file on a hugetlbfs mount, at the moment when it was looked at. */
export interface HugeFile extends FileStatus {
  /** The path as its mount namespace has it. */
  readonly path: string
  /** The mount point as its namespace has it. */
  readonly mount: string
  /** By its key a file is the same in all namespaces. */
  readonly key: FileKey
  readonly pageSize: PageSize
  readonly program?: FileProgram
  readonly users: readonly FileUser[]
  readonly state: FileState
  /** The capability with which the state would be known. */
  readonly needs?: Capability
  /** Where its pages lie, which is seen only while somebody has it mapped. */
  readonly nodes?: readonly PagesOnNode[]
  /** The pages that are reserved for it; absent where that is not known. */
  readonly reserved?: Pages
  /** True where the mount lies over another one. */
  readonly covers: boolean
}
