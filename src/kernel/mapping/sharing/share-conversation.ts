import type { ChildProcess } from 'node:child_process'

export type CallName = 'map' | 'touch' | 'stop' | 'write' | 'verify' | 'nodes' | 'unmap'

/** A line to the process: a call of its mapping. */
export interface Call {
  readonly id: number
  readonly name: CallName
  readonly args: readonly unknown[]
}

interface CallError {
  readonly message: string
  readonly code?: string
  readonly syscall?: string
}

/** A line from the process: the result of a call, or the progress of the call under way. */
export type Answer =
  | { readonly id: number; readonly value?: unknown }
  | { readonly id: number; readonly error: CallError }
  | { readonly touched: number }

/** The process ended before it had done its work. `how` says what ended it. */
export class ProcessGone extends Error {
  readonly code = 'ESRCH'
  readonly how: string
  /** True where the process was killed because it did not answer. */
  readonly wasSilent: boolean

  constructor(how: string, wasSilent = false) {
    super(`a process that shares the mapping is gone: ${how}`)
    this.how = how
    this.wasSilent = wasSilent
  }
}

/** Returns a function that takes pieces of text, and calls `take` for each whole line. */
export const byLine = (take: (line: string) => void): ((piece: string) => void) => {
  let rest = ''
  return (piece) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * Returns how a process ended; undefined while it runs. `silence` is the number of milliseconds
 * without an answer for which it was killed.
 */
const processEnd = ({ signalCode, exitCode }: ChildProcess, silence: number | undefined) => {
  if (signalCode === null && exitCode === null) return undefined
  if (silence !== undefined)
    return new ProcessGone(`killed after ${silence / 1000} s without an answer`, true)
  return new ProcessGone(signalCode ? `ended by ${signalCode}` : `ended with status ${exitCode}`)
}

/** Kills a process that leaves a call unanswered for `patience` milliseconds. */
const silenceTimer = (child: ChildProcess, patience: number) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let silent = false
  return {
    /** Starts the time anew, after an answer or a report. Stops it while no call waits. */
    listen: (isWaiting: boolean): void => {
      clearTimeout(timer)
      if (!isWaiting) return
      timer = setTimeout(() => {
        silent = true
        child.kill('SIGKILL')
      }, patience)
    },
    /** Returns the milliseconds for which the process was killed; undefined where it was not. */
    silence: () => (silent ? patience : undefined),
  }
}

/**
 * Sends calls and receives their answers. All calls that wait fail when the process ends. A process
 * that sends nothing for `patience` milliseconds while a call waits is killed, because a process
 * that works reports many times a second.
 */
export const conversation = (child: ChildProcess, patience: number) => {
  const waiting = new Map<number, Waiting>()
  const timer = silenceTimer(child, patience)
  const listen = (): void => timer.listen(waiting.size > 0)
  let last = 0
  let touched = 0
  const takeAnswer = (answer: Answer): void => {
    if ('touched' in answer) {
      touched = answer.touched
      listen()
      return
    }
    const one = waiting.get(answer.id)
    waiting.delete(answer.id)
    listen()
    if ('error' in answer) one?.reject(Object.assign(new Error(answer.error.message), answer.error))
    else one?.resolve(answer.value)
  }
  let spawnError: Error | undefined
  const gone = () => processEnd(child, timer.silence())
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
    listen()
  }
  child.stdout?.setEncoding('utf8').on(
    'data',
    byLine((line) => takeAnswer(JSON.parse(line))),
  )
  child
    .once('close', () => fail(spawnError ?? gone() ?? new ProcessGone('ended')))
    .once('error', (error) => {
      spawnError = error
      fail(error)
    })
  // An error of a write to a process that is gone is ignored, because its end is reported anyway.
  child.stdin?.on('error', () => {})
  const call = <T>(name: CallName, ...args: readonly unknown[]): Promise<T> =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve: resolve as (value: unknown) => void, reject })
      listen()
      const error = spawnError ?? gone()
      if (error) fail(error)
      else child.stdin?.write(`${JSON.stringify({ id: last, name, args })}\n`)
    })
  return { call, touched: () => touched, gone }
}
