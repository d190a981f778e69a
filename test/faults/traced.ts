import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Ended } from './judge.ts'
import type { Scene } from './scenes.ts'

export const root = resolve('.')
export const log = '/tmp/copies/strace'
export const program = [process.execPath, `${root}/bin/hugepool.js`]
const longest = 30_000
const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C' }

/** Runs a line, half a minute at most. */
export const start = (line: readonly string[]): Ended => {
  const [command = '', ...words] = line
  const { status, signal, stdout, stderr, error } = spawnSync(command, words, {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longest,
    killSignal: 'SIGKILL',
  })
  const hung = (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT'
  return { status, signal, out: stdout, err: stderr, hung }
}

/**
 * Runs a line of a scene under strace(1), which writes what it sees into the log. A filter of seccomp is
 * faster. strace puts no signals in with it, and cannot leave programs of others alone.
 */
export const straced = (
  { starts }: Scene,
  rules: readonly string[],
  line: readonly string[],
  filters = true,
): Ended => {
  rmSync(log, { force: true })
  const how = [
    ...(starts ? ['--detach-on=execve'] : []),
    ...(filters && !starts ? ['--seccomp-bpf'] : []),
  ]
  return start(['strace', '-f', ...how, '-y', '-qq', '-s', '256', '-o', log, ...rules, ...line])
}
