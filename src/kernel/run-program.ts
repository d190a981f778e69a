import { spawnSync } from 'node:child_process'
import { programDirectories } from './program-directories.ts'

/** What a program answered. */
export interface ProgramAnswer {
  /** The exit status; undefined where it could not be started, was killed or took too long. */
  readonly status: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program by its words and waits for its end, a minute or as many milliseconds as are given. */
export type RunProgram = (
  words: readonly string[],
  patienceMilliseconds?: number,
) => Promise<ProgramAnswer>

/** A manager of services that does not answer must not keep hugepool waiting for ever. */
const usualPatience = 60_000

/**
 * Runs a program of the machine, found in the directories of the administrator's programs, in the
 * locale C. It has no standard input, so that it can ask nothing.
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
