import type { Tree } from './tree.ts'
import { readIfPresent } from './values.ts'

/** The major version of the running kernel, or undefined where it does not say. */
export const readRelease = (tree: Tree): number | undefined => {
  const major = /^(\d+)\./.exec(readIfPresent(tree, '/proc/sys/kernel/osrelease') ?? '')?.[1]
  return major === undefined ? undefined : Number(major)
}
