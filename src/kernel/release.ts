import { readIfPresent } from './read-attribute.ts'
import type { Tree } from './tree.ts'

const versionOf = (tree: Tree): readonly number[] | undefined =>
  /^(\d+)\.(\d+)/
    .exec(readIfPresent(tree, '/proc/sys/kernel/osrelease') ?? '')
    ?.slice(1)
    .map(Number)

/** The major version of the running kernel; undefined where osrelease cannot be read. */
export const readRelease = (tree: Tree): number | undefined => versionOf(tree)?.[0]

/**
 * The kernel accepts overcommit of gigantic pages since 6.19. False where the version is unknown.
 */
export const takesGiganticOvercommit = (tree: Tree): boolean => {
  const [major = 0, minor = 0] = versionOf(tree) ?? []
  return major > 6 || (major === 6 && minor >= 19)
}
