import { present } from '../../words/present.ts'
import type { FoundWriter, WritableFacts, WrittenSetting } from './writer.ts'
import { type SysctlLine, sysctlLines, type WrittenLine } from './writer-lines.ts'
import { isPathPattern, sysctlPath, targetsAt } from './written-paths.ts'

/** The source and file of a text, and when it is applied, compared with hugepool's service. */
export type WriterOrigin = Pick<FoundWriter, 'source' | 'file' | 'when'>

/**
 * Finds the settings that lines of a file set, and the lines that are about huge pages in a way
 * that cannot be told. Lines about other files of the kernel, and about pools that the machine
 * lacks, are left out.
 */
export const foundIn = (
  origin: WriterOrigin,
  lines: readonly WrittenLine[],
  facts: WritableFacts,
): readonly FoundWriter[] =>
  lines.flatMap(({ path, value, line }): readonly FoundWriter[] => {
    const at = present({ ...origin, value, line })
    return path === undefined
      ? [at]
      : targetsAt(path, facts).map((target) => ({ ...at, ...target }))
  })

/** Makes a key that tells the settings of pools apart. */
export const settingKey = ({ attribute, size, node }: WrittenSetting): string =>
  `${attribute} ${size ?? ''} ${node ?? ''}`

/**
 * Makes a key that writers of the same setting have in common; undefined for a writer of which it
 * cannot be told what it sets.
 */
export const writtenKey = ({
  what,
  path,
}: Pick<FoundWriter, 'what' | 'path'>): string | undefined =>
  what === undefined ? path : settingKey(what)

/** Tells whether two writers give the same setting the same value. */
export const isSameWrite = (one: FoundWriter, other: FoundWriter): boolean => {
  const key = writtenKey(one)
  return key !== undefined && key === writtenKey(other) && one.value === other.value
}

/** A file of sysctl.d, and its lines. */
export interface SysctlFile {
  readonly file: string
  readonly lines: readonly SysctlLine[]
}

export const sysctlFile = ({ file, text }: { readonly file: string; readonly text: string }) => ({
  file,
  lines: sysctlLines(text),
})

interface SysctlEntry {
  /** The key of what is set: two files of /proc/sys can set one number. */
  readonly setting: string
  readonly path: string
  readonly isPlain: boolean
  /** What the line sets; absent for a line that only keeps patterns from setting the key. */
  readonly writer?: FoundWriter
}

const sysctlEntries = (
  origin: Omit<WriterOrigin, 'file'>,
  { file, lines }: SysctlFile,
  facts: WritableFacts,
): readonly SysctlEntry[] =>
  lines.flatMap(({ key, value, line }) => {
    const path = sysctlPath(key)
    return targetsAt(path, facts).map((target) => {
      const writer = value === undefined ? undefined : { ...origin, ...target, value, file, line }
      return present({
        setting: writtenKey(target) ?? '',
        path,
        isPlain: !isPathPattern(key),
        writer,
      })
    })
  })

/** Returns the last entry of each key, in the place of the first. */
const lastOf = (
  entries: readonly SysctlEntry[],
  keyOf: (entry: SysctlEntry) => string,
): readonly SysctlEntry[] => [...new Map(entries.map((each) => [keyOf(each), each])).values()]

/**
 * Tells whether a file is that of a package: others are meant to take its place (sysctl.d(5),
 * tmpfiles.d(5)).
 */
const isOfPackage = (file: string): boolean => /^(?:\/usr(?:\/local)?)?\/lib\//.test(file)

/**
 * Marks a line whose place another one takes. A line of a package is left out, because that is
 * usual there.
 */
export const asOverridden = (writer: FoundWriter): readonly FoundWriter[] =>
  isOfPackage(writer.file) ? [] : [{ ...writer, overridden: true }]

const thatCount = (entries: readonly SysctlEntry[]): readonly SysctlEntry[] => {
  const plain = entries.filter(({ isPlain }) => isPlain)
  const named = new Set(plain.map(({ setting }) => setting))
  const matched = entries.filter(({ isPlain, setting }) => !isPlain && !named.has(setting))
  return [
    ...lastOf(matched, ({ setting }) => setting),
    ...lastOf(plain, ({ setting, path }) => `${setting} ${path}`),
  ]
}

/**
 * Finds the lines that give a value to a sysctl although another line overrides them. The files are
 * in the order in which they are applied.
 */
export const overriddenSysctls = (
  origin: Omit<WriterOrigin, 'file'>,
  files: readonly SysctlFile[],
  facts: WritableFacts,
): readonly FoundWriter[] => {
  const entries = files.flatMap((file) => sysctlEntries(origin, file, facts))
  const counting = new Set(thatCount(entries))
  const set = new Set([...counting].flatMap(({ setting, writer }) => (writer ? setting : [])))
  return entries
    .filter((entry) => !counting.has(entry) && set.has(entry.setting))
    .flatMap(({ writer }) => (writer === undefined ? [] : asOverridden(writer)))
}

/**
 * Finds the sysctls that count. The files are in the order in which they are applied: the last line
 * of a key counts, and a pattern only for keys that no line names (systemd-sysctl(8)).
 */
export const foundSysctls = (
  origin: Omit<WriterOrigin, 'file'>,
  files: readonly SysctlFile[],
  facts: WritableFacts,
): readonly FoundWriter[] => {
  const entries = files.flatMap((file) => sysctlEntries(origin, file, facts))
  return thatCount(entries).flatMap(({ writer }) => writer ?? [])
}
