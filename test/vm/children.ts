import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { text } from 'node:stream/consumers'
import { endGroup } from './group.ts'

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A signal has ended the run, and with it what the run had started. */
export class Ended extends Error {
  readonly status: number
  constructor(signal: (typeof endings)[number]) {
    super(`ended by ${signal}`)
    this.status = 128 + constants.signals[signal]
  }
}

export interface Finished {
  readonly status: number
  /** What it wrote to stdout, where that was asked for. */
  readonly out: string
}

/**
 * Where the output of a child goes. What a probe says of its failure is of no use; a program that
 * uses the terminal is not taken from it.
 */
export type Output = 'shown' | 'read' | 'probed' | 'terminal'

const stdio: Readonly<Record<Output, StdioOptions>> = {
  shown: ['ignore', 'inherit', 'inherit'],
  read: ['ignore', 'pipe', 'inherit'],
  probed: ['ignore', 'pipe', 'ignore'],
  terminal: 'inherit',
}

/** The status of a child; as a shell would say it where a signal ended it. */
const statusOf = (child: ChildProcess): Promise<number> =>
  new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (status, signal) =>
      done(status ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  })

/**
 * Starts programs, one after the other, each in a process group of its own: npx, tap and timeout(1)
 * do not all pass on a signal, and what they leave behind would run until its time limit.
 */
export const children = () => {
  let signalled: Ended | undefined
  let stop: () => unknown = () => {}
  for (const signal of endings)
    process.on(signal, () => {
      signalled ??= new Ended(signal)
      stop()
    })

  return async (
    [program = '', ...words]: readonly string[],
    output: Output,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Finished> => {
    if (signalled !== undefined) throw signalled
    const detached = output !== 'terminal'
    const env = { ...process.env, ...environment }
    const child = spawn(program, words, { stdio: stdio[output], detached, env })
    const end = async () => {
      if (detached && child.pid !== undefined) await endGroup(child.pid)
      else child.kill()
    }
    stop = end
    const read = child.stdout === null ? Promise.resolve('') : text(child.stdout)
    const [status, out] = await Promise.all([statusOf(child), read])
    stop = () => {}
    // Also where nothing went wrong as far as one can see.
    await end()
    if (signalled !== undefined) throw signalled
    return { status, out }
  }
}

export type Run = ReturnType<typeof children>
