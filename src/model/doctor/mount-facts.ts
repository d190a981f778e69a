import type { HugepoolError } from '../../errors.ts'
import type { HugetlbfsMount } from '../mounts/hugetlbfs-mount.ts'
import type { DirectoryAccess } from '../processes/directory-access.ts'

/** The mount and the directory on it in which a file would be made. */
export interface ChosenMount {
  readonly directory: string
  readonly mount: HugetlbfsMount
  /** The directory and those above it; absent where they cannot be seen. */
  readonly access?: readonly DirectoryAccess[]
  /** What access(2) says, where this process itself is asked about. */
  readonly mayWrite?: boolean
  /** How many files may still be made; absent without a limit. */
  readonly inodes?: bigint
}

/** What decides about a file on hugetlbfs. */
export interface FileFacts {
  /** The mounts with pages of the size, hidden ones too. */
  readonly fit: readonly HugetlbfsMount[]
  readonly chosen?: ChosenMount
  /** Why none is chosen: nothing that fits is mounted, or not where it was asked for. */
  readonly error?: HugepoolError
}
