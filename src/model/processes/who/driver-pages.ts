import type { FoundArea, FoundPages } from './found-pages.ts'
import { isInternalPath } from './internal-path.ts'
import { deviceIn, type FileKey } from './page-hold.ts'

/**
 * The files of drivers that some processes have mapped: those on a hugetlbfs that is mounted nowhere. A
 * driver that maps huge pages puts such a file in the place of its device (vma_set_file in mm/util.c),
 * so that the mapping does not show the device any more.
 */
export const driverFiles = (
  { areas, mounts }: FoundPages,
  pids: ReadonlySet<number>,
): ReadonlySet<FileKey> => {
  const mounted = new Set(mounts.map(({ device }) => device))
  const isOfDriver = ({ key, path, isNamesake, process: { pid } }: FoundArea) =>
    pids.has(pid) && !mounted.has(deviceIn(key)) && (isNamesake === true || !isInternalPath(path))
  return new Set(areas.filter(isOfDriver).map(({ key }) => key))
}
