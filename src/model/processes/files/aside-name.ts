/** What begins the name of a file that is set aside before it is removed. */
const prefix = '.hugepool-'

/** NAME_MAX of include/uapi/linux/limits.h, in bytes. */
const longestName = 255

/**
 * Returns the name under which a file is set aside. Both its inode and its own name are in it, so
 * that whoever finds it later can tell which file it was; undefined where that would be too long.
 */
export const asideName = (name: string, inode: bigint): string | undefined => {
  const aside = `${prefix}${inode}-${name}`
  return new TextEncoder().encode(aside).length > longestName ? undefined : aside
}

/** Returns the name that a file had before it was set aside; undefined for any other name. */
export const nameBefore = (name: string): string | undefined =>
  /^\.hugepool-\d+-(.+)$/s.exec(name)?.[1]

export const isAside = (name: string): boolean => nameBefore(name) !== undefined
