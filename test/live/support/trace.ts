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

/**
 * Starts hugepool with writes to one file tampered with, by the rules of strace's inject=. The tracer
 * is the grandchild (-D): the process started is hugepool itself, so that its end by a signal shows.
 */
export const startTampered = (
  path: string,
  injection: string,
  words: readonly string[],
  wrapper: readonly string[] = [],
): Running => {
  const strace = ['strace', '-D', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-P', path]
  const rules = ['-e', 'trace=write', '-e', `inject=write:${injection}`]
  return start([...wrapper, ...strace, ...rules, ...hugepoolLine, ...words])
}

/** Starts hugepool with every write to one file delayed, on a machine that is too fast else. */
export const startSlowly = (
  path: string,
  milliseconds: number,
  words: readonly string[],
  wrapper?: readonly string[],
): Running => startTampered(path, `delay_enter=${milliseconds * 1000}`, words, wrapper)
