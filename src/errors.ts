import type { Json } from './model/json.ts'

/** Every error code with its exit status, on which scripts may rely. */
export const exitCodes = {
  E_KERNEL: 1,
  E_REFUSED: 1,
  E_USAGE: 2,
  E_CONFIG: 2,
  E_PERMISSION: 3,
  E_UNSUPPORTED: 4,
  E_BUG: 70,
} as const

/**
 * The exit status where part of the work was done and the result says how much, as in chmem(8),
 * mount(8) -a and swapoff(8) -a.
 */
export const exitPartial = 64

/** Signals that ask a program to stop. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type StopSignal = (typeof stopSignals)[number]

export type ErrorCode = keyof typeof exitCodes

export type ErrorDetails = Readonly<Record<string, Json>>

export class HugepoolError extends Error {
  readonly code: ErrorCode
  /** What the reader can do next, one line per hint; absent where there is no useful hint. */
  readonly hint: string | undefined
  /** The signal that stopped the work. The process then ends by this signal. */
  readonly signal: StopSignal | undefined
  /** Further keys of the error's JSON document. */
  readonly details: ErrorDetails

  constructor(
    code: ErrorCode,
    message: string,
    hint?: string,
    signal?: StopSignal,
    details: ErrorDetails = {},
  ) {
    super(message)
    this.name = 'HugepoolError'
    this.code = code
    this.hint = hint
    this.signal = signal
    this.details = details
  }

  get exitCode(): number {
    return exitCodes[this.code]
  }
}

export const usage = (message: string, hint?: string) => new HugepoolError('E_USAGE', message, hint)
export const unsupported = (message: string, hint?: string) =>
  new HugepoolError('E_UNSUPPORTED', message, hint)
export const refused = (message: string, hint?: string) =>
  new HugepoolError('E_REFUSED', message, hint)

/** Runs a check. Returns the error that it throws; other faults than a HugepoolError are thrown on. */
export const objectionOf = (check: () => unknown): readonly HugepoolError[] => {
  try {
    check()
    return []
  } catch (error) {
    if (error instanceof HugepoolError) return [error]
    throw error
  }
}

const reasonOf = ({ code, message, hint }: HugepoolError): Json =>
  hint === undefined ? { code, message } : { code, message, hint }

/**
 * Throws all errors as one, in the order in which they can be mended. The first one gives the code, and
 * the further keys of all are kept. Returns where there are none.
 */
export const throwAll = (errors: readonly HugepoolError[]): void => {
  const [first, ...more] = errors
  if (first === undefined) return
  if (more.length === 0) throw first
  const hints = new Set(errors.flatMap(({ hint }) => hint ?? []))
  throw new HugepoolError(
    first.code,
    errors.map(({ message }) => message).join('; '),
    hints.size === 0 ? undefined : [...hints].join('\n'),
    undefined,
    {
      ...Object.assign({}, ...errors.map(({ details }) => details)),
      reasons: errors.map(reasonOf),
    },
  )
}
