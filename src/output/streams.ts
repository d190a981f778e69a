import { fstatSync, writeSync } from 'node:fs'
import type { StopSignal } from '../errors.ts'

/** Where output goes. Writing is synchronous, so that what was said is out before the end. */
export interface Streams {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code

/** A pipe may be non-blocking and full; then the reader needs a moment. */
const waitForReader = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
}

const writeAll = (descriptor: number, text: string): void => {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      // A reader that has closed its end has seen enough.
      if (codeOf(error) === 'EPIPE') return
      if (codeOf(error) !== 'EAGAIN') throw error
      waitForReader()
    }
  }
}

/** The device number of /dev/null: Documentation/admin-guide/devices.txt. */
const nullDevice = 0x103

/** Node's module of terminals takes 2 ms to load, so that files and pipes are told apart without it. */
const isTerminal = (descriptor: number): boolean => {
  try {
    const stat = fstatSync(descriptor)
    if (!stat.isCharacterDevice() || stat.rdev === nullDevice) return false
  } catch {
    // Nothing is open there.
    return false
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor)
}

/** The streams of this process. Words that cannot be written to stderr are lost: there is no third place. */
export const processStreams = (): Streams => ({
  out: (text) => writeAll(1, text),
  err: (text) => {
    try {
      writeAll(2, text)
    } catch {}
  },
  outIsTerminal: isTerminal(1),
  errIsTerminal: isTerminal(2),
  environment: process.env,
})

const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Signals noted instead of died of: operations ask for `pending`, `end` gives them back their effect. */
export interface SignalNotes {
  pending(): StopSignal | undefined
  end(): void
}

/** Notes the first signal that asks to stop instead of dying of it, until `end`. */
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

/** Started by the first operation that wants to know, ended by `main` when all has been said. */
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
