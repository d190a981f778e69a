import { fstatSync, readSync, writeSync } from 'node:fs'
import { type StopSignal, stopSignals } from '../errors.ts'

/**
 * The streams for output. Writing is synchronous, so that all text is out before the process ends.
 */
export interface Streams {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  /** Writes a question to stderr and returns the line that is typed; undefined without a terminal. */
  readonly ask?: (question: string) => string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code

/** Waits 5 ms for the reader of a pipe that is non-blocking and full. */
const waitForReader = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
}

const writeAll = (descriptor: number, text: string): void => {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      // The reader has closed the pipe and needs no more text.
      if (codeOf(error) === 'EPIPE') return
      if (codeOf(error) !== 'EAGAIN') throw error
      waitForReader()
    }
  }
}

/** The device number of /dev/null, from Documentation/admin-guide/devices.txt. */
const nullDevice = 0x103

/**
 * Tells whether a terminal is open. node:tty takes 2 ms to load, so files, pipes and /dev/null are
 * recognised without it.
 */
const isTerminal = (descriptor: number): boolean => {
  try {
    const stat = fstatSync(descriptor)
    if (!stat.isCharacterDevice() || stat.rdev === nullDevice) return false
  } catch {
    // No file is open under this descriptor.
    return false
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor)
}

/** The line that is typed at a terminal, which gives a whole line to one read(2). */
const readLine = (descriptor: number): string => {
  const buffer = Buffer.alloc(4096)
  return buffer.toString('utf8', 0, readSync(descriptor, buffer))
}

/**
 * The streams of this process. Text that cannot be written to stderr is lost, because there is no
 * third stream.
 */
export const processStreams = (): Streams => {
  const err = (text: string): void => {
    try {
      writeAll(2, text)
    } catch {}
  }
  const errIsTerminal = isTerminal(2)
  return {
    out: (text) => writeAll(1, text),
    err,
    outIsTerminal: isTerminal(1),
    errIsTerminal,
    ask: (question) => {
      if (!errIsTerminal || !isTerminal(0)) return undefined
      err(question)
      return readLine(0)
    },
    environment: process.env,
  }
}

/**
 * Signals that are noted and do not end the process. Operations ask for `pending`; `end` gives the
 * signals their effect back.
 */
export interface SignalNotes {
  pending(): StopSignal | undefined
  end(): void
}

/**
 * Notes the first signal that asks the process to stop. Until `end` such a signal has no other
 * effect.
 */
export const watchSignals = (): SignalNotes => {
  let pending: StopSignal | undefined
  const handlers = stopSignals.map((signal) => {
    const handler = () => {
      pending ??= signal
    }
    process.on(signal, handler)
    return { signal, handler }
  })
  return {
    pending: () => pending,
    end: () => {
      for (const { signal, handler } of handlers) process.removeListener(signal, handler)
    },
  }
}

/** Delays the watch until an operation begins it. `main` ends the watch after all output. */
export const lateWatch = (start: () => SignalNotes) => {
  let notes: SignalNotes | undefined
  return {
    begin: (): SignalNotes => {
      notes ??= start()
      return notes
    },
    end: (): void => notes?.end(),
  }
}

/** Ends this process by the signal, as if it had not been caught. */
export const dieBy = (signal: StopSignal): void => {
  process.kill(process.pid, signal)
}
