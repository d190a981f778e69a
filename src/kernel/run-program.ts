import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { programDirectories, programEnvironment } from './program-directories.ts'
import { withUsualUmask } from './usual-umask.ts'

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

const mayRun = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Finds the program of a name by the directories in their order; undefined where none has it. */
const programAt = (name: string, directories: readonly string[]): string | undefined =>
  directories.map((directory) => `${directory}/${name}`).find(mayRun)

/**
 * Returns what runs the programs of directories: by their absolute path, in the locale C, with an
 * environment of their own, under the usual umask, and with `/` as current directory, because that
 * of this process may be gone. They have no standard input, so that they cannot ask anything.
 */
export const runProgramOf =
  (directories: readonly string[]): RunProgram =>
  async ([name = '', ...words], patienceMilliseconds = usualPatience) => {
    const path = programAt(name, directories)
    if (path === undefined)
      return { status: undefined, stdout: '', stderr: `${name} is not in ${directories.join(':')}` }
    const { status, stdout, stderr, error } = withUsualUmask(() =>
      spawnSync(path, words, {
        argv0: name,
        encoding: 'utf8',
        env: programEnvironment,
        cwd: '/',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: patienceMilliseconds,
      }),
    )
    return { status: status ?? undefined, stdout: stdout ?? '', stderr: stderr || `${error ?? ''}` }
  }

/** Runs a program of the machine. */
export const runProgram: RunProgram = runProgramOf(programDirectories)
