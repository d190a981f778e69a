import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { machineName } from './needs.ts'
import { hugepoolLine, pause, start } from './program.ts'
import { type Answer, readyWriter } from './ready-writer.ts'

/** A command under way. */
export interface UnderWay {
  readonly pid: number
  /** Undefined where it was killed. */
  readonly answer: Promise<Answer | undefined>
  kill(): void
}

/** Begins a command line. */
export type Writer = (words: readonly string[]) => Promise<UnderWay>

/** A process for each command, as people start them. */
const processes: Writer = async (words) => {
  const { child, result } = start([...hugepoolLine, ...words, '--json'])
  const ended = result.then(({ status, ...said }) =>
    status === null ? undefined : { status, ...said },
  )
  return { pid: child.pid ?? 0, answer: ended, kill: () => child.kill('SIGKILL') }
}

/** One process for all commands of a writer until it is killed, for emulated processors. */
const ready = (engine: readonly string[]): Writer => {
  let writer: ReturnType<typeof readyWriter> | undefined
  return async (words) => {
    writer ??= readyWriter([], engine)
    const { pid, run, kill } = await writer
    const answer = run([...words, '--json'])
    return {
      pid,
      answer,
      kill: () => {
        writer = undefined
        kill()
      },
    }
  }
}

/**
 * Of many commands a writer runs all in one process: they come ten times as close one after the other
 * then. What is called a thousand times is worth compiling, also for an emulated processor.
 */
export const writerFor = (commands: number): Writer => {
  if (machineName === undefined && commands <= 1000) return processes
  return ready(commands > 1000 ? [] : ['--jitless'])
}

const hasLock = (pid: number): boolean =>
  new RegExp(`^\\d+: FLOCK +ADVISORY +WRITE +${pid} `, 'm').test(
    readFileSync('/proc/locks', 'utf8'),
  )

/**
 * Kills a command at a moment that `random` chooses: at any time of as long as one usually takes, or a
 * few milliseconds after it got the lock, when it does what it is there for.
 */
export const killAtSomeTime = async (
  { pid, answer, kill }: UnderWay,
  random: (below: number) => number,
  usual: number,
): Promise<void> => {
  let hasEnded = false
  answer.then(() => {
    hasEnded = true
  })
  if (random(3) === 0) await pause(random(Math.max(1, Math.ceil(usual))))
  else {
    while (!hasEnded && !hasLock(pid)) await turn()
    const wait = performance.now() + random(80) / 10
    while (!hasEnded && performance.now() < wait) await turn()
  }
  if (!hasEnded) kill()
}
