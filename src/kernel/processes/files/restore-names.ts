import { closeSync } from 'node:fs'
import type { HugeFile } from '../../../model/processes/files/huge-file.ts'
import { pathBefore, type RestoredName } from '../../../model/processes/files/restored-name.ts'
import type { Native } from '../../native/native.ts'
import { openLocked, renameBack } from './set-aside.ts'

const partsOf = (path: string) => {
  const end = path.lastIndexOf('/')
  return { parent: path.slice(0, end) || '/', name: path.slice(end + 1) }
}

const isRestored = (native: Native, { reach, key }: HugeFile, to: string): boolean => {
  const { parent, name } = partsOf(reach)
  const directory = openLocked(native, parent, key)
  if (typeof directory === 'string') return false
  try {
    return renameBack(native, directory, { key, aside: name, name: partsOf(to).name })
  } finally {
    closeSync(directory)
  }
}

/**
 * Gives files that a killed program left under other names those that they had, where these are
 * free. Whoever sets files aside has locked the directory: there nothing is done.
 */
export const restoreNames = (native: Native, files: readonly HugeFile[]): readonly RestoredName[] =>
  files.flatMap((file) => {
    const to = pathBefore(file)
    return to === undefined ? [] : [{ file, to, isDone: isRestored(native, file, to) }]
  })
