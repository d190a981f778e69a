import { constants, openSync, readdirSync, readSync } from 'node:fs'
import { HugepoolError } from '../../../errors.ts'
import { asOctets, textOf } from '../../../model/etc/octets.ts'
import { directoryAbove, lastName } from '../../../model/etc/path-parts.ts'
import { errnoOf, explain, isShortage } from '../../errno.ts'
import { readRegular } from '../../etc/replace-file.ts'
import { release } from '../../release-descriptor.ts'
import { filesFinder } from '../../root-path.ts'
import type { Tree } from '../../tree.ts'

/** A file and its text. */
export interface WriterText {
  readonly file: string
  readonly text: string
}

/** Reads files that may be missing, and keeps the paths of those that may not be read. */
export interface WriterReader {
  readonly read: (file: string) => readonly WriterText[]
  /**
   * Reads a script. Returns nothing for another program, of which it reads only the first octets,
   * for it can be large.
   */
  readonly readScript: (file: string) => readonly WriterText[]
  /** The names in a directory, in their order; none where there is no such directory. */
  readonly list: (directory: string) => readonly string[]
  /** Reads all files of a directory whose names match. */
  readonly readAll: (directory: string, name?: RegExp) => readonly WriterText[]
  readonly unread: () => readonly string[]
}

/** In octets. No file of settings is as large. */
const longest = 1024 * 1024

/** The errors of a path where nothing is, or where something other than a file is. */
const absent: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO']

const causeOf = (error: unknown): unknown =>
  error instanceof HugepoolError ? (error.cause ?? error) : error

const isAbsent = (error: unknown): boolean => {
  const cause = causeOf(error)
  if (cause instanceof HugepoolError) return cause.reason === 'wrong-file'
  return absent.includes(errnoOf(cause))
}

/** The octets by which the kernel knows a script (fs/binfmt_script.c). */
const scriptMark = '#!'

/** Whether a file is a script. Throws system errors. It does not wait for a pipe or device. */
const isScript = (file: string): boolean => {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const first = Buffer.alloc(scriptMark.length)
    readSync(descriptor, first, 0, first.length, 0)
    return first.toString('latin1') === scriptMark
  } finally {
    release(descriptor)
  }
}

const readingAll =
  ({ read, list }: Pick<WriterReader, 'read' | 'list'>): WriterReader['readAll'] =>
  (directory, name = /^[^.]/) =>
    list(directory)
      .filter((each) => name.test(each))
      .flatMap((each) => read(`${directory}/${each}`))

/** Texts of files by their paths; undefined for one that is removed. */
export type PlannedTexts = ReadonlyMap<string, string | undefined>

/** Reads files as they will be once the planned ones are written or removed. */
export const withPlannedTexts = (reader: WriterReader, planned: PlannedTexts): WriterReader => {
  const read = (file: string): readonly WriterText[] => {
    if (!planned.has(file)) return reader.read(file)
    const text = planned.get(file)
    return text === undefined ? [] : [{ file, text }]
  }
  const list = (directory: string): readonly string[] => {
    const names = new Set(reader.list(directory))
    for (const [path, text] of planned) {
      if (directoryAbove(path) !== directory) continue
      if (text === undefined) names.delete(lastName(path))
      else names.add(lastName(path))
    }
    return [...names].sort()
  }
  return { ...reader, read, list, readAll: readingAll({ read, list }) }
}

/**
 * Returns a reader of the files of a tree. It throws E_KERNEL where the kernel lacks descriptors or
 * memory.
 */
export const writerReader = (tree: Tree): WriterReader => {
  const at = filesFinder(tree.root)
  const unread = new Set<string>()
  const attempt = <T>(path: string, look: () => T): T | undefined => {
    try {
      return look()
    } catch (error) {
      if (isShortage(error)) throw explain(error, path)
      if (!isAbsent(error)) unread.add(path)
      return undefined
    }
  }
  const read = (file: string): readonly WriterText[] => {
    const octets = attempt(file, () => readRegular(at(file)))
    return octets === undefined ? [] : [{ file, text: textOf(asOctets(octets.slice(0, longest))) }]
  }
  const list = (directory: string): readonly string[] =>
    [...(attempt(directory, () => readdirSync(at(directory))) ?? [])].sort()
  return {
    read,
    readScript: (file) => (attempt(file, () => isScript(at(file))) ? read(file) : []),
    list,
    readAll: readingAll({ read, list }),
    unread: () => [...unread],
  }
}
