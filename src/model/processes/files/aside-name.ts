/** What begins the name of a file that is set aside before it is removed. */
const prefix = '.hugepool-'

const pattern = /^\.hugepool-(\d+)[-+](.+)$/s

/** NAME_MAX of include/uapi/linux/limits.h, in bytes. */
const longestName = 255

/** Returns the name that a file had before it was set aside; undefined for any other name. */
export const nameBefore = (name: string, inode: bigint): string | undefined => {
  const [, of, before] = pattern.exec(name) ?? []
  return of === `${inode}` ? before : undefined
}

/**
 * The hidden name that `cp` gives a file for a moment (hiddenName in copying/new-file.ts): random
 * hexadecimal digits.
 */
const unfinished = /^\.hugepool-[0-9a-f]{1,12}$/

/** Whether a name is of a file that a killed `cp` left. */
export const isUnfinished = (name: string): boolean => unfinished.test(name)

export const isAside = (name: string): boolean => pattern.test(name)

/**
 * Returns the name under which a file is set aside. Both its inode and its own name are in it, so
 * that whoever finds it later can tell which file it was; undefined where that would be too long.
 * A file that was left under such a name gets another one, no longer than that.
 */
export const asideName = (name: string, inode: bigint): string | undefined => {
  const before = nameBefore(name, inode)
  const mark = before !== undefined && name.startsWith(`${prefix}${inode}-`) ? '+' : '-'
  const aside = `${prefix}${inode}${mark}${before ?? name}`
  return new TextEncoder().encode(aside).length > longestName ? undefined : aside
}
