import { directoryAbove, lastName } from '../../../model/etc/path-parts.ts'
import type { HugeFile } from '../../../model/processes/files/huge-file.ts'
import { pathBefore, type RestoredName } from '../../../model/processes/files/restored-name.ts'
import type { Native } from '../../native/native.ts'
import { release } from '../../release-descriptor.ts'
import type { CleanerCalls } from './directory-cleaner.ts'
import { openLocked, renameBack } from './set-aside.ts'

const isRestored = (native: Native, { reach, key }: HugeFile, to: string): boolean => {
  const directory = openLocked(native, directoryAbove(reach), key)
  if (typeof directory === 'string') return false
  try {
    return renameBack(native, directory, { key, aside: lastName(reach), name: lastName(to) })
  } finally {
    release(directory)
  }
}

/**
 * Gives files that a killed program left under other names those that they had, where these are
 * free. Whoever sets files aside has locked the directory: there nothing is done.
 */
export const restoreNames = (
  { native, did }: Pick<CleanerCalls, 'native' | 'did'>,
  files: readonly HugeFile[],
): readonly RestoredName[] =>
  files.flatMap((file) => {
    const to = pathBefore(file)
    if (to === undefined) return []
    const isDone = isRestored(native, file, to)
    if (isDone) did(to, `${to} has its name again`)
    return [{ file, to, isDone }]
  })
