import { lastName, pathParts } from '../../etc/path-parts.ts'
import { starsMatch } from '../../words/glob.ts'
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

/** Whether a name is that of a pattern, in which `*` stands for any characters. */
export const matchesName = (name: string, pattern: string): boolean => starsMatch(pattern, name)

/** Whether a pattern names a file by its path: by that of a directory above it, too. */
export const matchesPath = (path: string, pattern: string): boolean => {
  if (!pattern.startsWith('/')) return matchesName(lastName(path), pattern)
  const plain = pathParts(pattern)
    .map((part) => `/${part}`)
    .join('')
  return matchesName(path, plain) || matchesName(path, `${plain}/*`)
}

/** Says of words that they name nothing: one that was mistyped keeps nothing. */
export const idleKeepWords = (words: readonly string[], noun: string): readonly string[] =>
  words.map((word) => `--keep ${word} names no ${noun}`)
