import { lastName, pathParts } from '../../etc/path-parts.ts'
import type { FileKey } from '../who/page-hold.ts'

/** A word of --keep. */
export interface KeptWord {
  /** As it was typed. */
  readonly word: string
  /** A name, or an absolute path; `*` stands for any characters. */
  readonly pattern: string
  /** The files to which a path leads from here. */
  readonly keys: ReadonlySet<FileKey>
}

const patternOf = (word: string): string =>
  word
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('.*')

/** Whether a name is that of a pattern, in which `*` stands for any characters. */
export const matchesName = (name: string, pattern: string): boolean =>
  new RegExp(`^${patternOf(pattern)}$`, 's').test(name)

/** Whether a pattern names a file by its path: by that of a directory above it, too. */
export const matchesPath = (path: string, pattern: string): boolean => {
  if (!pattern.startsWith('/')) return matchesName(lastName(path), pattern)
  const parts = pathParts(pattern).map((part) => `/${patternOf(part)}`)
  return new RegExp(`^${parts.join('')}(?:/.*)?$`, 's').test(path)
}

/** Says of words that they name nothing: one that was mistyped keeps nothing. */
export const idleKeepWords = (words: readonly string[], noun: string): readonly string[] =>
  words.map((word) => `--keep ${word} names no ${noun}`)
