import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FileCount } from '../../model/mounts/umount-change.ts'
import type { HeldFile } from '../../model/mounts/umount-holder.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { isShortage } from '../errno.ts'
import { heldBytes } from '../stat-blocks.ts'

const deviceAt = (directory: string): number => statSync(directory).dev

/**
 * Returns the paths of the files below a directory. A mount further down belongs to another file
 * system and is left out. `deviceOf` tells the device of a directory.
 */
export const filesBelow = (
  directory: string,
  deviceOf = deviceAt,
  device = deviceOf(directory),
): readonly string[] =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (!entry.isDirectory()) return [path]
    return deviceOf(path) === device ? filesBelow(path, deviceOf, device) : []
  })

/** The named files of a mount. A file with several names is one of `inodes`. */
export interface NamedFiles {
  readonly names: number
  /** The bytes that each file occupies and its size, by its inode. */
  readonly inodes: ReadonlyMap<bigint, { readonly bytes: Bytes; readonly size: Bytes }>
}

/**
 * Looks at every file below a directory. The form of lstat without bigint is faster, and the
 * figures of files are small enough for it. A file that is removed meanwhile is left out. Throws
 * system errors.
 */
export const namedFiles = (directory: string, deviceOf = deviceAt): NamedFiles => {
  const found = filesBelow(directory, deviceOf)
    .map((path): Stats | undefined => lstatSync(path, { throwIfNoEntry: false }))
    .filter((file) => file !== undefined)
  const entries = found.map(({ ino, blocks, size }) => {
    const bytes = heldBytes({ blocks: BigInt(blocks) })
    return [BigInt(ino), { bytes, size: BigInt(size) }] as const
  })
  return { names: found.length, inodes: new Map(entries) }
}

/** Returns the bytes that files occupy together. */
export const occupiedBytes = ({ inodes }: NamedFiles): Bytes =>
  [...inodes.values()].reduce((sum, { bytes }) => sum + bytes, 0n)

/**
 * Counts the files in a mount and their pages. The pages are counted by st_blocks, because st_size
 * can be any number. Files without a name count too, where they are in `held`. Returns undefined
 * where permission is missing.
 */
export const filesIn = (
  directory: string,
  pageSize: PageSize,
  held: readonly HeldFile[] = [],
  deviceOf = deviceAt,
): FileCount | undefined => {
  try {
    const named = namedFiles(directory, deviceOf)
    const bare = new Map(held.flatMap((file) => (file.named ? [] : [[file.inode, file] as const])))
    const unnamed = [...bare.values()].filter(({ inode }) => !named.inodes.has(inode))
    const bytes = unnamed.reduce((sum, file) => sum + file.bytes, occupiedBytes(named))
    return { files: BigInt(named.names + unnamed.length), pages: bytes / pageSize }
  } catch (error) {
    if (isShortage(error)) throw error
    return undefined
  }
}
