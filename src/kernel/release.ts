import type { SurplusRules } from '../model/pools/surplus-conversion.ts'
import { readIfReadable } from './read-attribute.ts'
import type { Tree } from './tree.ts'

const versionOf = (tree: Tree): readonly number[] | undefined =>
  /^(\d+)\.(\d+)/
    .exec(readIfReadable(tree, '/proc/sys/kernel/osrelease') ?? '')
    ?.slice(1)
    .map(Number)

/** Reads the major version of the running kernel; undefined where osrelease cannot be read. */
export const readRelease = (tree: Tree): number | undefined => versionOf(tree)?.[0]

const isFrom = (tree: Tree, [wantedMajor, wantedMinor]: readonly [number, number]): boolean => {
  const [major = 0, minor = 0] = versionOf(tree) ?? []
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

/**
 * Reads what the kernel does about surplus when a pool is set. A kernel whose version is unknown
 * counts as one before 6.16, because the steps for such a kernel are right on later ones too. It
 * does not count as one before 6.7, for then a note would say that it distorts what is written for
 * a node.
 */
export const readSurplusRules = (tree: Tree): SurplusRules => ({
  nodeFilesHeedSurplus: versionOf(tree) === undefined || isFrom(tree, [6, 7]),
  freesBesideSurplus: isFrom(tree, [6, 16]),
})

/**
 * Whether the kernel accepts overcommit of gigantic pages, as it does from 6.19 on. False where the
 * version is unknown.
 */
export const takesGiganticOvercommit = (tree: Tree): boolean => isFrom(tree, [6, 19])

/**
 * Whether RLIMIT_MEMLOCK lets a user make segments of huge pages, as before 5.18
 * (hugetlb_file_setup in fs/hugetlbfs/inode.c). False where the version is unknown.
 */
export const countsMemlock = (tree: Tree): boolean =>
  versionOf(tree) !== undefined && !isFrom(tree, [5, 18])
