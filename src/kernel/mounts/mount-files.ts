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
 * The files in a mount and the pages they have: st_blocks counts those that are there, where
 * st_size can be anything. Files without a name count as well, as far as they are `held`.
 * Undefined where permission is missing.
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
