import { spawn } from 'node:child_process'
import { stuckSeconds } from '../../../model/mapping/touch-steps.ts'
import type { Mapping, MapRequest } from '../../native/native-mapping.ts'
import { programEnvironment } from '../../program-directories.ts'
import { conversation, ProcessGone } from './share-conversation.ts'
import { shareWord } from './share-word.ts'

/** The descriptor at which the process finds the file to map. */
export const sharedDescriptor = 3

/** A mapping in another process. */
export interface ProcessMapping extends Mapping {
  readonly pid: number
  /** Tells how the process ended; undefined while it runs. */
  gone(): ProcessGone | undefined
}

/**
 * The time to wait for a process that does not answer, perhaps because it is stopped. Killing it
 * loses nothing, because the pages belong to this process as well.
 */
export const stopPatienceMilliseconds = 400

/** The longest time without an answer. It is as long as one page may take. */
export const unansweredMilliseconds = stuckSeconds * 1000

/**
 * Starts a process that finds the file at `sharedDescriptor` and takes the calls of a mapping. It
 * has no variable of this process: Node would read them again.
 */
const startProcess = (program: readonly string[], descriptor: number, patience: number) => {
  const [command = '', ...words] = [...program, shareWord]
  const child = spawn(command, words, {
    env: programEnvironment,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore', descriptor],
    detached: true,
  })
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => resolve()).once('error', () => resolve()),
  )
  const kill = (): void => void child.kill('SIGKILL')
  const end = async (): Promise<void> => {
    child.stdin?.end()
    const deadline = setTimeout(kill, stopPatienceMilliseconds)
    await ended
    clearTimeout(deadline)
  }
  return { pid: child.pid ?? 0, kill, end, ...conversation(child, patience) }
}

type StartedProcess = ReturnType<typeof startProcess>

/** Returns the mapping of a process that has mapped its file. */
const remoteMapping = (
  { pid, kill, end, call, touched, gone }: StartedProcess,
  pages: number,
): ProcessMapping => {
  let stopping: ReturnType<typeof setTimeout> | undefined
  const stoppable = <T>(work: Promise<T>): Promise<T> =>
    work.finally(() => {
      clearTimeout(stopping)
      stopping = undefined
    })
  let known: readonly number[] | Error = []
  const touch: Mapping['touch'] = async (how) => {
    const done = await call<Awaited<ReturnType<Mapping['touch']>>>('touch', how)
    known = await call<readonly number[]>('nodes', how.from, done.reached).catch((error) => {
      if (error instanceof ProcessGone) throw error
      return error as Error
    })
    return done
  }
  return {
    pid,
    gone,
    address: 0n,
    pages,
    touch: (how) => stoppable(touch(how)),
    touched,
    stop: () => {
      call('stop').catch(() => {})
      stopping ??= setTimeout(kill, stopPatienceMilliseconds)
    },
    write: (...range) => stoppable(call('write', ...range)),
    verify: (...range) => stoppable(call('verify', ...range)),
    nodes: () => {
      if (known instanceof Error) throw known
      return known
    },
    unmap: end,
  }
}

/**
 * Starts a process that maps the file of a descriptor. The process does not get the terminal's
 * signals. It ends when this process does, however that ends, because its standard input ends then.
 * It is killed where `abort` fires before it has mapped the file, and where it does not react to a
 * stop or to the end of its input.
 */
export const mapInProcess = async (
  program: readonly string[],
  descriptor: number,
  request: MapRequest,
  abort: AbortSignal,
  patience = unansweredMilliseconds,
): Promise<ProcessMapping> => {
  const started = startProcess(program, descriptor, patience)
  abort.addEventListener('abort', started.kill, { once: true })
  try {
    await started.call('map', { ...request, descriptor: sharedDescriptor })
  } catch (error) {
    await started.end()
    throw error
  } finally {
    abort.removeEventListener('abort', started.kill)
  }
  return remoteMapping(started, request.bytes / request.pageSize)
}
