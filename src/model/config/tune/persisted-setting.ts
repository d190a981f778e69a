import { singleSlashes } from '../../etc/path-parts.ts'
import { present } from '../../words/present.ts'
import { sysctlLines, tmpfilesLines } from '../writers/writer-lines.ts'
import { isPathPattern, pathMatches, sysctlPath } from '../writers/written-paths.ts'
import type { PersistedSetting } from './found-setting.ts'
import type { TunedSetting } from './setting-kind.ts'
import { valueWritten } from './setting-value.ts'

/** A file of a start, and its text. */
export interface StartFile {
  readonly file: string
  readonly text: string
}

/**
 * What a service, tuned or a script writes into a file of the kernel once sysctl.d and tmpfiles.d
 * were applied.
 */
export interface LateWrite {
  /** The file of the kernel. */
  readonly path: string
  readonly file: string
  readonly line?: number
  readonly text: string
}

/** The files of sysctl.d and of tmpfiles.d that count, in the order in which they are applied. */
export interface StartFiles {
  readonly sysctl: readonly StartFile[]
  readonly tmpfiles: readonly StartFile[]
  /**
   * What hugepool's configuration says of a setting, which `hugepool apply` sets after these files.
   */
  readonly configured?: ReadonlyMap<string, PersistedSetting>
  /** What is written after all of these, in its order. */
  readonly late?: readonly LateWrite[]
}

interface Line {
  readonly file: string
  readonly line: number
  /** The path as the file has it, which can be a pattern. */
  readonly path: string
  /** The value; absent for a line that only keeps patterns from setting the path. */
  readonly text?: string
}

const isPattern = ({ path }: Line): boolean => isPathPattern(path)

const sysctlsIn = ({ file, text }: StartFile): readonly Line[] =>
  sysctlLines(text).map(({ key, value, line }) => ({
    file,
    line,
    path: sysctlPath(key),
    ...present({ text: value }),
  }))

const writesIn = ({ file, text }: StartFile): readonly Line[] =>
  tmpfilesLines(text).flatMap(({ path, value, line }) =>
    path === undefined || value === undefined ? [] : [{ file, line, path, text: value }],
  )

/**
 * Finds the line that counts: the last one of a key, and a pattern only where no line names the key
 * (systemd-sysctl(8)).
 */
const sysctlThatCounts = (lines: readonly Line[]): Line | undefined =>
  lines.findLast((line) => !isPattern(line) && line.text !== undefined) ??
  (lines.some((line) => !isPattern(line)) ? undefined : lines.findLast(isPattern))

/**
 * Finds the line that is written last: for one path the first line counts, and patterns come after
 * all paths (systemd-tmpfiles(8)).
 */
const writeThatCounts = (lines: readonly Line[]): Line | undefined =>
  lines.findLast(isPattern) ?? lines.find((line) => !isPattern(line))

const persistedIn = (
  setting: TunedSetting,
  { file, line, text }: Omit<PersistedSetting, 'value'>,
): PersistedSetting => ({ file, text, ...present({ line, value: valueWritten(setting, text) }) })

/** Finds the line that sets a setting at a start, and is not overridden by another. */
export const settingAtStart = (
  setting: TunedSetting,
  { sysctl, tmpfiles, configured, late = [] }: StartFiles,
): PersistedSetting | undefined => {
  const { key, path } = setting
  const about = (lines: readonly Line[]) =>
    lines.filter((line) => pathMatches(singleSlashes(line.path), path))
  const last = late.findLast((write) => write.path === path)
  if (last !== undefined) return persistedIn(setting, last)
  const own = configured?.get(key)
  if (own !== undefined) return own
  // systemd-tmpfiles runs after systemd-sysctl, and writes to /proc as well.
  const found =
    writeThatCounts(about(tmpfiles.flatMap(writesIn))) ??
    sysctlThatCounts(about(sysctl.flatMap(sysctlsIn)))
  if (found?.text === undefined) return undefined
  const { file, line, text } = found
  return persistedIn(setting, { file, line, text })
}
