import { hasCapability, isInGroup, type ProcessIdentity } from './process-identity.ts'

/** A directory, and the owner and permissions that decide about it. */
export interface DirectoryAccess {
  readonly path: string
  readonly user: bigint
  readonly group: bigint
  /** The lowest nine bits of the mode. */
  readonly mode: number
}

const search = 0o1
const write = 0o2

const permits = (who: ProcessIdentity, directory: DirectoryAccess, wanted: number): boolean => {
  if (hasCapability(who, 'CAP_DAC_OVERRIDE')) return true
  const shift = who.user === directory.user ? 6 : isInGroup(who, directory.group) ? 3 : 0
  return ((directory.mode >> shift) & wanted) === wanted
}

/**
 * Returns the first directory that keeps somebody from making a file in the first of the list, which
 * the directories above it follow; undefined where none does (acl_permission_check in fs/namei.c;
 * hugetlbfs has no ACLs).
 */
export const closedDirectory = (
  who: ProcessIdentity,
  [directory, ...above]: readonly DirectoryAccess[],
): DirectoryAccess | undefined => {
  const closed = above.toReversed().find((each) => !permits(who, each, search))
  if (closed !== undefined || directory === undefined) return closed
  return permits(who, directory, write | search) ? undefined : directory
}
