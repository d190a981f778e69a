import type { Bytes } from '../words/bytes.ts'
import type { CheckName } from './check-names.ts'

/** What a check can come to. A warning and what is well leave the answer at yes. */
export const checkResultWords = ['ok', 'warn', 'fail', 'unknown'] as const
export type CheckResultWord = (typeof checkResultWords)[number]

/** A count with what is counted: `page`, `mapping`. */
export interface CountOf {
  readonly count: bigint
  readonly of: string
}

/** A count, an amount of memory, or words. Each is understood without the check that it stands at. */
export type CheckValue = CountOf | string | { readonly bytes: Bytes }

export const countedOf = (count: bigint, of: string): CountOf => ({ count, of })

export const countedPages = (count: bigint): CountOf => countedOf(count, 'page')

/** What one look came to, without the name of its check. */
export interface Finding {
  readonly result: CheckResultWord
  /** What there is of it; absent where nothing sets a limit. */
  readonly has?: CheckValue
  readonly needs?: CheckValue
  readonly why?: string
  /** What can be typed against it. A failure has at least one. */
  readonly hints?: readonly string[]
  /** The words of the answer to the whole question, where they differ from those of `why`. */
  readonly answer?: string
}

/** The finding of a check that was made. */
export interface CheckFinding extends Finding {
  readonly check: CheckName
}

export const answers = ['yes', 'no', 'unknown'] as const
export type DoctorAnswer = (typeof answers)[number]

/** A failure says no. What could not be looked into leaves the answer open where nothing fails. */
export const predictionOf = (findings: readonly Finding[]): DoctorAnswer => {
  if (findings.some(({ result }) => result === 'fail')) return 'no'
  return findings.some(({ result }) => result === 'unknown') ? 'unknown' : 'yes'
}
