import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { HugepoolError } from '../../../errors.ts'
import { type KeptWord, matchesName } from '../../../model/processes/files/kept-word.ts'
import type { FileKey } from '../../../model/processes/who/page-hold.ts'
import { absolutePath } from '../../mounts/mount-point.ts'
import { ifShown } from '../scan/quick-read.ts'
import { keysBelow } from './keys-below.ts'

/** The paths to which a path leads, in whose last name `*` may stand for any characters. */
const pathsFor = (path: string): readonly string[] => {
  const name = basename(path)
  if (!name.includes('*')) return [path]
  const directory = dirname(path)
  const names = ifShown(() => readdirSync(directory)) ?? []
  return names.filter((one) => matchesName(one, name)).map((one) => join(directory, one))
}

/** A word can name what is not there, or not on a hugetlbfs. */
const keysAt = (path: string, keysOf: typeof keysBelow): readonly FileKey[] => {
  try {
    return keysOf(path)
  } catch (error) {
    if (error instanceof HugepoolError && error.code === 'E_USAGE') return []
    throw error
  }
}

/**
 * What the words of --keep stand for: those with a slash are paths from the working directory on, and
 * the files to which they lead are meant whatever path leads to them elsewhere. Throws E_PERMISSION
 * where such a path may not be looked at. `keysOf` stands for the running machine in tests.
 */
export const readKeptWords = (
  words: readonly string[],
  keysOf: typeof keysBelow = keysBelow,
): readonly KeptWord[] =>
  words.map((word) => {
    if (!word.includes('/')) return { word, pattern: word, keys: new Set() }
    const path = absolutePath(word)
    return {
      word,
      pattern: path,
      keys: new Set(pathsFor(path).flatMap((one) => keysAt(one, keysOf))),
    }
  })
