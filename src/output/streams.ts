import { fstatSync, readSync, writeSync } from 'node:fs'
import { type StopSignal, stopSignals } from '../errors.ts'

/**
 * What happens to a terminal: somebody types, its size or its screen changes, a signal asks to
 * stop, or it is gone, as when its window was closed.
 */
export type TerminalEvent =
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'changed' | 'signal' | 'gone' }

/** The terminal of this process, as long as a command fills it. */
export interface Terminal {
  /** The size in characters. */
  readonly size: () => { readonly columns: number; readonly rows: number }
  /** Stops this process and its job until the shell continues it. */
  readonly suspend: () => void
  /** Leaves the terminal as it was. */
  readonly close: () => void
}

/**
 * The streams for output. Writing is synchronous, so that all text is out before the process ends.
 */
export interface Streams {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  /** Whether the reader of `out` has closed the pipe, so that text is lost. */
  readonly outIsClosed?: () => boolean
  /** The width of the terminal that `out` writes to, in columns; undefined where it has none. */
  readonly outColumns?: () => number | undefined
  /**
   * Writes a question to stderr and returns the line that is typed; undefined without a terminal.
   */
  readonly ask?: (question: string) => string | undefined
  /** Takes the terminal; undefined where input or output is none. */
  readonly openTerminal?: (heed: (event: TerminalEvent) => void) => Promise<Terminal | undefined>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The number of the process, by which it knows what in the environment is meant for it. */
  readonly pid?: number
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code

/** Waits 5 ms for the reader of a pipe that is non-blocking and full. */
const waitForReader = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
}

/** Writes a text, and tells whether it found its reader. */
const writeAll = (descriptor: number, text: string): boolean => {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      // The reader has closed the pipe and needs no more text.
      if (codeOf(error) === 'EPIPE') return false
      if (codeOf(error) !== 'EAGAIN') throw error
      waitForReader()
    }
  }
  return true
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

/**
 * Reads the line that is typed at a terminal, which gives a whole line to one read(2). A signal that
 * interrupts it, as SIGUSR1 does, for which Node has a handler, is no answer.
 */
const readLine = (descriptor: number): string => {
  const buffer = Buffer.alloc(4096)
  for (;;)
    try {
      return buffer.toString('utf8', 0, readSync(descriptor, buffer))
    } catch (error) {
      if (codeOf(error) !== 'EINTR') throw error
    }
}

/**
 * Returns the width of the terminal that standard output is. A terminal whose width nobody set says
 * 0. The stream takes a millisecond to make; therefore the build replaces `process.stdout.columns`,
 * by which packages ask for it (bin/build/substitutes.mjs), and this function asks in other words.
 */
const outColumns = (): number | undefined => {
  const { stdout } = process
  return stdout.columns || undefined
}

/**
 * Makes the streams of this process. Text that cannot be written to stderr is lost, because there
 * is no third stream.
 */
export const processStreams = (): Streams => {
  const err = (text: string): void => {
    try {
      writeAll(2, text)
    } catch {}
  }
  const errIsTerminal = isTerminal(2)
  const outIsTerminal = isTerminal(1)
  let outIsClosed = false
  const out = (text: string): void => {
    outIsClosed = !writeAll(1, text)
  }
  return {
    out,
    outIsClosed: () => outIsClosed,
    err,
    outIsTerminal,
    errIsTerminal,
    outColumns,
    ask: (question) => {
      if (!errIsTerminal || !isTerminal(0)) return undefined
      err(question)
      return readLine(0)
    },
    openTerminal: async (heed) =>
      outIsTerminal && isTerminal(0)
        ? (await import('./terminal.ts')).openTerminal(process, out, heed)
        : undefined,
    environment: process.env,
    pid: process.pid,
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
