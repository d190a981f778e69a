import { callOf, errnoOf, explain, type Meaning } from '../../kernel/errno.ts'
import { cpusetRefusal } from '../cpuset-refusal.ts'

/** The limits that apply to both threads and processes. */
export const threadLimits =
  "'ulimit -u', 'ulimit -v', 'ulimit -d' and pids.max of the cgroup are the limits"

const noThread: Meaning = {
  code: 'E_KERNEL',
  reason: 'limit',
  words: 'no further thread or process may be started (EAGAIN)',
  hint: `${threadLimits}; fewer --threads need less`,
}

const noSandbox: Meaning = {
  code: 'E_PERMISSION',
  reason: 'forbidden',
  words: 'operation not permitted',
  hint: 'this looks like a sandbox: its seccomp filter refuses the call',
}

const absent: Meaning = {
  code: 'E_UNSUPPORTED',
  reason: 'no-feature',
  words: 'this kernel does not have it (ENOSYS)',
}

const tooManyFiles: Meaning = {
  code: 'E_KERNEL',
  reason: 'limit',
  words: 'too many files are open (EMFILE)',
  hint: "'ulimit -n' is the limit; fewer --processes and fewer nodes need less",
}

/** The meanings of errnos that are the same for every call of a test. */
const anywhere = { ENOSYS: absent, EMFILE: tooManyFiles } as const

const noMaker: Meaning = {
  code: 'E_KERNEL',
  reason: 'lost',
  words: 'the process that was to make the segment was killed',
}

const unreadable: Meaning = {
  code: 'E_PERMISSION',
  reason: 'no-permission',
  words: 'the user may not run the program with which hugepool runs',
  hint: 'a directory above node is closed to the user; without --processes nothing is started',
}

const callMeanings: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  pthread_create: { EAGAIN: noThread },
  spawn: { EAGAIN: noThread, EACCES: unreadable },
  fork: { EAGAIN: noThread },
  set_mempolicy: { EINVAL: cpusetRefusal('nodes'), EPERM: noSandbox },
  memfd_create: { EPERM: noSandbox },
  shmget: { ESRCH: noMaker },
  sched_setaffinity: { EINVAL: cpusetRefusal('CPUs'), EPERM: noSandbox },
}

/** Returns the name of the failed call. Node appends the program, as in `spawn /usr/bin/node`. */
const callName = (error: unknown, otherwise: string): string =>
  callOf(error)?.replace(/ .*/, '') ?? otherwise

/**
 * Turns a system error into one that names the call that failed. `known` adds meanings of errnos.
 * An error without an errno is returned unchanged.
 */
export const explainCall = (
  error: unknown,
  otherwise: string,
  known: Readonly<Record<string, Meaning>> = {},
): unknown => {
  if (errnoOf(error) === undefined) return error
  const call = callName(error, otherwise)
  return explain(error, call, { ...anywhere, ...known, ...callMeanings[call] })
}
