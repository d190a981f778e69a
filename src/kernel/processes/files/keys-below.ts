import { lstatSync } from 'node:fs'
import type { FileKey } from '../../../model/processes/who/page-hold.ts'
import { explain } from '../../errno.ts'
import { filesBelow } from '../../mounts/mount-files.ts'
import { hexDevice } from '../scan/huge-devices.ts'
import { hugePlaceAt } from '../scan/huge-file-at.ts'

const keyAt = (path: string): FileKey | undefined => {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && `${hexDevice(stat.dev)}:${stat.ino}`
}

/**
 * The keys of the files that a path names: a file of a hugetlbfs, or all below a directory of one.
 * Throws E_USAGE for anything else, and E_PERMISSION where it may not be looked at.
 */
export const keysBelow = (path: string): readonly FileKey[] => {
  const { device, inode } = hugePlaceAt(path)
  if (lstatSync(path).isFile()) return [`${device}:${inode}`]
  try {
    return filesBelow(path).flatMap((each) => keyAt(each) ?? [])
  } catch (error) {
    throw explain(error, path)
  }
}
