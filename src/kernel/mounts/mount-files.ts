import { lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FileCount } from '../../model/mounts/umount-change.ts'
import type { HeldFile } from '../../model/mounts/umount-holder.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { heldBytes } from '../stat-blocks.ts'

const deviceAt = (directory: string): number => statSync(directory).dev

/**
 * The paths of the files below a directory. A mount further down belongs to another file system and
 * is left out. `deviceOf` tells the device of a directory.
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

/**
 * Counts the files in a mount and their pages. st_blocks counts the pages that are present, while
 * st_size can be any number. Files without a name count too, where they are in `held`. Undefined
 * where permission is missing.
 */
export const filesIn = (
  directory: string,
  pageSize: PageSize,
  held: readonly HeldFile[] = [],
  deviceOf = deviceAt,
): FileCount | undefined => {
  try {
    const named = filesBelow(directory, deviceOf).map((path) => lstatSync(path, { bigint: true }))
    const bytes = new Map(named.map((file) => [file.ino, heldBytes(file)]))
    const files = BigInt(named.length)
    const before = bytes.size
    for (const file of held) if (!file.named) bytes.set(file.inode, file.bytes)
    const pages = [...bytes.values()].reduce((sum, each) => sum + each, 0n) / pageSize
    return { files: files + BigInt(bytes.size - before), pages }
  } catch {
    return undefined
  }
}
