import { readdirSync } from 'node:fs'
import { HugepoolError } from '../../../errors.ts'
import { asOctets, textOf } from '../../../model/etc/octets.ts'
import { errnoOf, isShortage } from '../../errno.ts'
import { readEtc } from '../../etc/etc-files.ts'
import { belowRoot } from '../../root-path.ts'
import type { Tree } from '../../tree.ts'

/** A file, and what is in it. */
export interface WriterText {
  readonly file: string
  readonly text: string
}

/** Reads files that may be missing, and keeps the paths of those that may not be read. */
export interface WriterReader {
  readonly read: (file: string) => readonly WriterText[]
  /** The names in a directory, in their order; none where there is no such directory. */
  readonly list: (directory: string) => readonly string[]
  /** All files of a directory whose names match. */
  readonly readAll: (directory: string, name?: RegExp) => readonly WriterText[]
  readonly unread: () => readonly string[]
}

/** No file of settings is as large. */
const longest = 1024 * 1024

/** The errors of a place where nothing is, or where something else than a file is. */
const absent: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO']

const causeOf = (error: unknown): unknown =>
  error instanceof HugepoolError ? (error.cause ?? error) : error

const isAbsent = (error: unknown): boolean => {
  const cause = causeOf(error)
  if (cause instanceof HugepoolError) return cause.reason === 'wrong-file'
  return absent.includes(errnoOf(cause))
}

export const writerReader = (tree: Tree): WriterReader => {
  const unread = new Set<string>()
  const attempt = <T>(path: string, look: () => T): T | undefined => {
    try {
      return look()
    } catch (error) {
      if (isShortage(error)) throw error
      if (!isAbsent(error)) unread.add(path)
      return undefined
    }
  }
  const read = (file: string): readonly WriterText[] => {
    const octets = attempt(file, () => readEtc(tree, file))
    return octets === undefined ? [] : [{ file, text: textOf(asOctets(octets.slice(0, longest))) }]
  }
  const list = (directory: string): readonly string[] =>
    [...(attempt(directory, () => readdirSync(belowRoot(tree.root, directory))) ?? [])].sort()
  return {
    read,
    list,
    readAll: (directory, name = /^[^.]/) =>
      list(directory)
        .filter((each) => name.test(each))
        .flatMap((each) => read(`${directory}/${each}`)),
    unread: () => [...unread],
  }
}
