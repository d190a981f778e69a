import { type BigIntStats, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FileCount } from '../../model/mounts/umount-change.ts'
import type { HeldFile } from '../../model/mounts/umount-holder.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { heldBytes } from '../stat-blocks.ts'

const filesBelow = (directory: string): readonly BigIntStats[] =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [lstatSync(path, { bigint: true })]
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
): FileCount | undefined => {
  try {
    const named = filesBelow(directory)
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
