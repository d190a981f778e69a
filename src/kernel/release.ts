import { readIfReadable } from './read-attribute.ts'
import type { Tree } from './tree.ts'

const versionOf = (tree: Tree): readonly number[] | undefined =>
  /^(\d+)\.(\d+)/
    .exec(readIfReadable(tree, '/proc/sys/kernel/osrelease') ?? '')
    ?.slice(1)
    .map(Number)

/** The major version of the running kernel; undefined where osrelease cannot be read. */
export const readRelease = (tree: Tree): number | undefined => versionOf(tree)?.[0]

const isFrom = (tree: Tree, [wantedMajor, wantedMinor]: readonly [number, number]): boolean => {
  const [major = 0, minor = 0] = versionOf(tree) ?? []
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

/**
 * Before 6.7 the kernel adds the surplus of the other nodes to what is written to a node's file
 * (mm/hugetlb.c, __nr_hugepages_store_common). True where the version is unknown.
 */
export const nodeFilesHeedSurplus = (tree: Tree): boolean =>
  versionOf(tree) === undefined || isFrom(tree, [6, 7])

/**
 * The kernel accepts overcommit of gigantic pages since 6.19. False where the version is unknown.
 */
export const takesGiganticOvercommit = (tree: Tree): boolean => isFrom(tree, [6, 19])
