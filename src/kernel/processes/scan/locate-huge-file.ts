import { statSync } from 'node:fs'
import { usage } from '../../../errors.ts'
import { explain } from '../../errno.ts'
import { hugetlbfsAt } from '../../mounts/hugetlbfs-statfs.ts'
import { pathMeanings } from '../../path-meanings.ts'
import { hexDevice } from './huge-devices.ts'

/** A file or directory of a hugetlbfs. */
export interface LocatedFile {
  /** The device, in the form of /proc/PID/maps: `00:1f`. */
  readonly device: string
  readonly inode: bigint
}

/**
 * Finds a file or directory of a hugetlbfs. Throws E_USAGE for anything else. `systemAt` stands for
 * the running machine in tests.
 */
export const locateHugeFile = (
  path: string,
  systemAt: (path: string) => unknown = hugetlbfsAt,
): LocatedFile => {
  try {
    if (systemAt(path) !== undefined) {
      const { dev, ino } = statSync(path, { bigint: true })
      return { device: hexDevice(dev), inode: ino }
    }
  } catch (error) {
    throw explain(error, path, pathMeanings)
  }
  throw usage(`${path}: it is not on a hugetlbfs`, undefined, 'wrong-file')
}
