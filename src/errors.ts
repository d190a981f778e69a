import type { Json } from './model/json.ts'
import type { FailureReason } from './model/words/failure-reason.ts'

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

/** The exit status where a question was answered, and the answer is no. */
export const exitNo = 5

/** Signals that ask a program to stop. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type StopSignal = (typeof stopSignals)[number]

export type ErrorCode = keyof typeof exitCodes

export type ErrorDetails = Readonly<Record<string, Json>>

export class HugepoolError extends Error {
  readonly code: ErrorCode
  /** Which failure it is, for scripts. */
  readonly reason: FailureReason
  /** What the reader can do next, one line per hint; absent where there is no useful hint. */
  readonly hint: string | undefined
  /** The signal that stopped the work. The process then ends by this signal. */
  readonly signal: StopSignal | undefined
  /** Set where the error is about another user than the one who runs the program. */
  ofOtherUser?: true
  /** Set where a test was not begun, because the caller cannot have its user or its cgroup. */
  ofSubject?: true
  /** Further keys of the error's JSON document. */
  readonly details: ErrorDetails

  constructor(
    code: ErrorCode,
    reason: FailureReason,
    message: string,
    hint?: string,
    signal?: StopSignal,
    details: ErrorDetails = {},
  ) {
    super(message)
    this.name = 'HugepoolError'
    this.code = code
    this.reason = reason
    this.hint = hint
    this.signal = signal
    this.details = details
  }

  get exitCode(): number {
    return exitCodes[this.code]
  }
}

export const usage = (message: string, hint?: string, reason: FailureReason = 'wrong-words') =>
  new HugepoolError('E_USAGE', reason, message, hint)
export const unsupported = (reason: FailureReason, message: string, hint?: string) =>
  new HugepoolError('E_UNSUPPORTED', reason, message, hint)
export const refused = (reason: FailureReason, message: string, hint?: string) =>
  new HugepoolError('E_REFUSED', reason, message, hint)

/**
 * Returns what `look` finds or, where it throws a HugepoolError, what `otherwise` makes of that. Any
 * other error is thrown on.
 */
export const foundOr = <Found, Other>(
  look: () => Found,
  otherwise: (error: HugepoolError) => Other,
): Found | Other => {
  try {
    return look()
  } catch (error) {
    if (error instanceof HugepoolError) return otherwise(error)
    throw error
  }
}

/** Returns what `look` finds; undefined where it throws a HugepoolError, on which nothing depends. */
export const foundIfAny = <Found>(look: () => Found): Found | undefined =>
  foundOr(look, () => undefined)

/** Runs a check. Returns the HugepoolError that it throws, in a list that is empty without one. */
export const objectionOf = (check: () => unknown): readonly HugepoolError[] =>
  foundOr(
    () => {
      check()
      return []
    },
    (error) => [error],
  )

/** Returns the hint of an error for its document: as a text, and as the list of its lines. */
export const hintKeys = (hint: string | undefined) =>
  hint === undefined ? {} : { hint, hints: hint.split('\n') }

/** Returns what a document says of an error where it may have several. */
export const failureFacts = ({ code, reason, message, hint }: HugepoolError) => ({
  code,
  reason,
  message,
  ...hintKeys(hint),
})

/**
 * Throws all errors as one, in the order in which they can be mended. The first one gives the code,
 * and the further keys of all are kept. Returns where there are none.
 */
export const throwAll = (errors: readonly HugepoolError[]): void => {
  const [first, ...more] = errors
  if (first === undefined) return
  if (more.length === 0) throw first
  const hints = new Set(errors.flatMap(({ hint }) => hint ?? []))
  throw new HugepoolError(
    first.code,
    first.reason,
    errors.map(({ message }) => message).join('; '),
    hints.size === 0 ? undefined : [...hints].join('\n'),
    undefined,
    {
      ...Object.assign({}, ...errors.map(({ details }) => details)),
      reasons: errors.map(failureFacts),
    },
  )
}
