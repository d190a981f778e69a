import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './live.ts'
import { hugepoolLine, type Result, type Running, start } from './program.ts'

/** One system call as strace writes it, such as `openat(AT_FDCWD, "/x", O_RDONLY) = 3`. */
export interface Call {
  readonly thread: string
  readonly text: string
}

export const callsIn = (log: string): readonly Call[] =>
  log
    .split('\n')
    .map((line) => /^(\d+) +(.*)$/.exec(line))
    .flatMap((match) => (match === null ? [] : [{ thread: match[1] ?? '', text: match[2] ?? '' }]))

export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'hugepool-live-'))
  atEnd(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Runs hugepool and gives the system calls of these names, those that failed included. */
export const trace = async (
  names: readonly string[],
  ...words: readonly string[]
): Promise<Result & { readonly calls: readonly Call[] }> => {
  const log = join(temporaryDirectory(), 'strace')
  // With ? a call that this architecture does not have is no error.
  const filter = names.map((name) => `?${name}`).join(',')
  const line = ['strace', '-f', '--seccomp-bpf', '-y', '-qq', '-o', log, '-e', `trace=${filter}`]
  const result = await start([...line, ...hugepoolLine, ...words]).result
  return { ...result, calls: callsIn(readFileSync(log, 'utf8')) }
}

/** Everything that could open a file for writing or change one by its name. */
export const writingCalls = [
  ...['open', 'openat', 'openat2', 'creat', 'write', 'pwrite64', 'writev', 'flock', 'truncate'],
  ...['unlink', 'unlinkat', 'rename', 'renameat2', 'mkdir', 'mkdirat', 'symlinkat', 'linkat'],
] as const

const opensForWriting = /^(open\w*\(.*\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND)\b|creat\()/
const changesByName = /^(truncate|unlink|rename|mkdir|symlink|link)\w*\(/
const writesToKernel = /^p?write\w*\(\d+<\/(sys|proc|run)\//
/** What Node and libc open for themselves. */
const harmless = /"\/dev\/(null|tty|urandom)"|<\/dev\/null>/

/** Calls by which something on this machine could have been changed, or a lock taken. */
export const changing = (calls: readonly Call[]): readonly string[] =>
  calls
    .map(({ text }) => text)
    .filter(
      (text) =>
        opensForWriting.test(text) ||
        changesByName.test(text) ||
        writesToKernel.test(text) ||
        text.startsWith('flock('),
    )
    .filter((text) => !harmless.test(text))

const statusOf = ({ child }: Running): string => {
  if (child.exitCode !== null || child.signalCode !== null) return ''
  try {
    return readFileSync(`/proc/${child.pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

/**
 * The process that traces this one; 0 where there is none, or none yet. Until hugepool begins,
 * `strace -D` has a third process, which only its tracer ends: killed too early, it leaves that one
 * behind, with stdout open.
 */
export const tracerOf = (running: Running): number => {
  const status = statusOf(running)
  const hasBegun = !/^Name:\tstrace$/m.test(status)
  return hasBegun ? Number(/^TracerPid:\t(\d+)$/m.exec(status)?.[1] ?? 0) : 0
}

/** Whether its first thread is stopped by its tracer, as in a call that is held up. */
export const isHeldUp = (running: Running): boolean => /^State:\tt /m.test(statusOf(running))

const endTracer = (tracer: number): void => {
  if (tracer === 0) return
  try {
    process.kill(tracer, 'SIGKILL')
  } catch (error) {
    // It may have ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Ends the tracer: a call that it holds up goes on at once. With --seccomp-bpf the kernel refuses
 * those that would be traced from then on.
 */
export const letGo = (running: Running): void => endTracer(tracerOf(running))

/** Kills hugepool with its tracer, which would sit out its delay and has stdout open. */
export const killTraced = (running: Running): Promise<Result> => {
  const tracer = tracerOf(running)
  running.child.kill('SIGKILL')
  endTracer(tracer)
  return running.result
}

/**
 * Starts hugepool under strace. The tracer is the grandchild (-D): the process started is hugepool
 * itself, so that its end by a signal shows. Both are killed at the end of the test.
 */
export const startTraced = (
  options: readonly string[],
  words: readonly string[],
  wrapper: readonly string[] = [],
): Running => {
  const strace = ['strace', '-D', '-f', '-qq', ...options]
  const running = start([...wrapper, ...strace, ...hugepoolLine, ...words])
  atEnd(async () => {
    await killTraced(running)
  })
  return running
}

/** Starts hugepool with writes to one file tampered with, by the rules of strace's inject=. */
export const startTampered = (
  path: string,
  injection: string,
  words: readonly string[],
  wrapper?: readonly string[],
): Running => {
  const rules = ['-e', 'trace=write', '-e', `inject=write:${injection}`]
  const options = ['--seccomp-bpf', '-o', '/dev/null', '-P', path, ...rules]
  return startTraced(options, words, wrapper)
}

/** Starts hugepool with every write to one file delayed, on a machine that is too fast else. */
export const startSlowly = (
  path: string,
  milliseconds: number,
  words: readonly string[],
  wrapper?: readonly string[],
): Running => startTampered(path, `delay_enter=${milliseconds * 1000}`, words, wrapper)
