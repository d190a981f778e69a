import { lstatSync, readdirSync, statSync } from 'node:fs'
import type { FileKey } from '../../../model/processes/who/page-hold.ts'
import { explain } from '../../errno.ts'
import { hexDevice } from '../scan/huge-devices.ts'
import { locateHugeFile } from '../scan/locate-huge-file.ts'
import { type PathBelow, pathsBelow } from '../scan/paths-below.ts'

const keyAt = ({ file }: PathBelow): FileKey | undefined => {
  const stat = lstatSync(file, { bigint: true, throwIfNoEntry: false })
  return stat && `${hexDevice(stat.dev)}:${stat.ino}`
}

/**
 * The keys of the files that a path names: a file of a hugetlbfs, or all below a directory of one.
 * Throws E_USAGE for anything else, and E_PERMISSION where it may not be looked at. `locate` stands
 * for the running machine in tests.
 */
export const keysBelow = (path: string, locate = locateHugeFile): readonly FileKey[] => {
  const { device, inode } = locate(path)
  try {
    if (statSync(path).isFile()) return [`${device}:${inode}`]
    // Only this directory has to be open to us: one below it may be closed.
    readdirSync(path)
  } catch (error) {
    throw explain(error, path)
  }
  return pathsBelow(path, device).flatMap((each) => keyAt(each) ?? [])
}
