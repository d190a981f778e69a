import type { FileState, HugeFile } from './huge-file.ts'
import { type KeptWord, matchesPath } from './kept-word.ts'
import { pathBefore } from './restored-name.ts'

/** Which of the files that nobody has may be removed. */
export interface CleanRequest {
  /** Milliseconds for which nobody may have touched a file. */
  readonly older: number
  /** Names and paths that stay, as they were typed. */
  readonly keep: readonly string[]
}

/** What is known when the choice is made. */
export interface CleanFacts {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly isRunning: (pid: number) => boolean
  /** What the words of --keep stand for. */
  readonly keep: readonly KeptWord[]
}

/** Why a file stays. */
export const keptReasons = {
  used: 'somebody has it',
  unknown: 'somebody may have it who could not be looked into',
  young: 'it was used a short while ago',
  running: 'the process in its name runs',
  stays: 'it is meant to stay while nobody uses it',
  kept: '--keep names it',
  names: 'it has several names',
  covers: 'its mount lies over another one',
  mounted: 'it is mounted by itself, and its directory is elsewhere',
  'no-text': 'its path is not UTF-8: rm removes it',
  unreached: 'no process is in the mount namespace that has it, so that nothing leads to it',
} as const satisfies Readonly<Record<string, string>>
export type KeptReason = keyof typeof keptReasons

const keptFor: Readonly<Record<FileState, KeptReason | undefined>> = {
  mapped: 'used',
  open: 'used',
  locked: 'used',
  unknown: 'unknown',
  left: undefined,
}

/** Whether a word of --keep names a file. One that was set aside is meant by the name that it had, too. */
export const isNamedBy = (file: HugeFile, { pattern, keys }: KeptWord): boolean =>
  keys.has(file.key) ||
  [file.path, pathBefore(file) ?? file.path].some((path) => matchesPath(path, pattern))

/** Returns why a file may not be removed; undefined where it may. */
export const reasonToKeep = (
  file: HugeFile,
  { older }: Pick<CleanRequest, 'older'>,
  { now, isRunning, keep }: CleanFacts,
): KeptReason | undefined => {
  const { program } = file
  const isUsed = keptFor[file.state] === 'used'
  const reasons: readonly (KeptReason | undefined)[] = [
    file.reach === '' && !isUsed ? 'unreached' : undefined,
    keptFor[file.state],
    program?.stays === true ? 'stays' : undefined,
    keep.some((word) => isNamedBy(file, word)) ? 'kept' : undefined,
    program?.pid !== undefined && isRunning(program.pid) ? 'running' : undefined,
    file.links > 1n ? 'names' : undefined,
    file.covers ? 'covers' : undefined,
    file.isMount ? 'mounted' : undefined,
    file.isNoText ? 'no-text' : undefined,
    older > 0 && now - file.touched < older ? 'young' : undefined,
  ]
  return reasons.find((reason) => reason !== undefined)
}

/** A file and, where it stays, the reason. */
export interface ChosenFile {
  readonly file: HugeFile
  readonly kept?: KeptReason
}
