import { spawnSync } from 'node:child_process'
import { programDirectories } from './program-directories.ts'

/** The result of running a program. */
export interface ProgramAnswer {
  /** The exit status; undefined where it could not be started, was killed or took too long. */
  readonly status: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program with its arguments, and waits for its end for a minute or the given time. */
export type RunProgram = (
  words: readonly string[],
  patienceMilliseconds?: number,
) => Promise<ProgramAnswer>

/**
 * In milliseconds. Hugepool must not wait for ever for a manager of services that does not answer.
 */
const usualPatience = 60_000

/**
 * Runs a program of the machine in the locale C. It is found in the directories of the
 * administrator's programs. It has no standard input, so that it cannot ask anything.
 */
export const runProgram: RunProgram = async (
  [command = '', ...words],
  patienceMilliseconds = usualPatience,
) => {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    encoding: 'utf8',
    env: { PATH: programDirectories.join(':'), LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patienceMilliseconds,
  })
  return { status: status ?? undefined, stdout: stdout ?? '', stderr: stderr || `${error ?? ''}` }
}
