import { type ChildProcess, spawn } from 'node:child_process'
import type { Mapping, MapRequest } from './mapping.ts'
import { shareWord } from './share-word.ts'

/** Where the process finds what it is to map. */
export const sharedDescriptor = 3

export type CallName = 'map' | 'touch' | 'stop' | 'write' | 'verify' | 'nodes' | 'unmap'

/** A line to the process: a call of its mapping. */
export interface Call {
  readonly id: number
  readonly name: CallName
  readonly words: readonly unknown[]
}

interface CallError {
  readonly message: string
  readonly code?: string
  readonly syscall?: string
}

/** A line from it: what came of a call, or how far the one under way is. */
export type Answer =
  | { readonly id: number; readonly value?: unknown }
  | { readonly id: number; readonly error: CallError }
  | { readonly touched: number }

/** The mapping of another process. */
export interface SharedMapping extends Mapping {
  readonly pid: number
}

/** Ended before it had done what it was to do; `how` says by what. */
export class ProcessGone extends Error {
  readonly code = 'ESRCH'
  readonly how: string

  constructor(how: string) {
    super(`a process that shares the mapping is gone: ${how}`)
    this.how = how
  }
}

/**
 * For a process that does not answer, perhaps because it is stopped. Nothing is lost by its end: the
 * pages are as much those of this process.
 */
const patienceMilliseconds = 400

/** Calls `take` for each whole line of what comes. */
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

/** Calls and their answers; all that wait fail when the process ends. */
const conversation = (child: ChildProcess) => {
  const waiting = new Map<number, Waiting>()
  let last = 0
  let touched = 0
  const settle = (answer: Answer): void => {
    if ('touched' in answer) {
      touched = answer.touched
      return
    }
    const one = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) one?.reject(Object.assign(new Error(answer.error.message), answer.error))
    else one?.resolve(answer.value)
  }
  let spawnError: Error | undefined
  const fail = (): void => {
    const { signalCode, exitCode } = child
    const how = signalCode ? `ended by ${signalCode}` : `ended with status ${exitCode}`
    const error = spawnError ?? new ProcessGone(how)
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  child.stdout?.setEncoding('utf8').on(
    'data',
    byLine((line) => settle(JSON.parse(line))),
  )
  child.once('close', fail).once('error', (error) => {
    spawnError = error
    fail()
  })
  // What is written to a process that is gone is told by its end.
  child.stdin?.on('error', () => {})
  const call = <T>(name: CallName, ...words: readonly unknown[]): Promise<T> =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve: resolve as (value: unknown) => void, reject })
      if (spawnError || child.exitCode !== null || child.signalCode !== null) fail()
      else child.stdin?.write(`${JSON.stringify({ id: last, name, words })}\n`)
    })
  return { call, touched: () => touched }
}

/**
 * Starts a process that maps what a descriptor is of. It leaves the terminal's signals to this one,
 * and ends with it, however that ends: its standard input does. It is killed when `abort` says so
 * before it has mapped anything, and where it does not answer a stop or the end.
 */
export const shareMapping = async (
  program: readonly string[],
  descriptor: number,
  request: MapRequest,
  abort: AbortSignal,
): Promise<SharedMapping> => {
  const [command = '', ...words] = [...program, shareWord]
  const child = spawn(command, words, {
    stdio: ['pipe', 'pipe', 'ignore', descriptor],
    detached: true,
  })
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => resolve()).once('error', () => resolve()),
  )
  const kill = (): void => void child.kill('SIGKILL')
  abort.addEventListener('abort', kill, { once: true })
  const { call, touched } = conversation(child)
  const pages = request.bytes / request.pageSize
  const unmap = async (): Promise<void> => {
    child.stdin?.end()
    const deadline = setTimeout(kill, patienceMilliseconds)
    await ended
    clearTimeout(deadline)
  }
  try {
    await call('map', { ...request, descriptor: sharedDescriptor })
  } catch (error) {
    await unmap()
    throw error
  }
  let stopping: ReturnType<typeof setTimeout> | undefined
  const stoppable = <T>(work: Promise<T>): Promise<T> =>
    work.finally(() => {
      clearTimeout(stopping)
      stopping = undefined
    })
  const touch: Mapping['touch'] = async (how) => {
    const done = await call<Awaited<ReturnType<Mapping['touch']>>>('touch', how)
    known = await call<readonly number[]>('nodes', how.from, how.to).catch((error) => {
      if (error instanceof ProcessGone) throw error
      return error as Error
    })
    return done
  }
  let known: readonly number[] | Error = []
  return {
    pid: child.pid ?? 0,
    address: 0n,
    pages,
    touch: (how) => stoppable(touch(how)),
    touched,
    stop: () => {
      call('stop').catch(() => {})
      stopping ??= setTimeout(kill, patienceMilliseconds)
    },
    write: (...range) => stoppable(call('write', ...range)),
    verify: (...range) => stoppable(call('verify', ...range)),
    nodes: () => {
      if (known instanceof Error) throw known
      return known
    },
    unmap,
  }
}
