import type { HugepoolError, StopSignal } from '../errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { CellStyle } from './columns.ts'
import type { TextRows } from './text-rows.ts'

/** What a command shows: the same facts for people and for scripts. */
export interface View<Document extends JsonObject = JsonObject> {
  /** The rows of the table; absent where there are `lines` instead. */
  readonly rows?: (names: readonly string[], style: CellStyle) => TextRows
  /** A second table below the first, with columns of its own. */
  readonly moreRows?: (style: CellStyle) => TextRows
  /** Lines that can be typed into a shell, or other text that is printed as it is. */
  readonly lines?: readonly string[]
  /** Makes the document, which the schema of the command describes in detail. */
  readonly document: () => Document
  /** Whether it was shown while the command ran, so that only its sentences are left to be said. */
  readonly isShown?: boolean
  /** Sentences for stderr that are worth knowing, whatever the exit status is. */
  readonly notes?: readonly string[]
  /** What can be done about the notes. */
  readonly noteHints?: readonly string[]
  /** Sentences that tell why the exit status is not 0. Where it is 0 they are notes. */
  readonly words: readonly string[]
  readonly hints: readonly string[]
  /** The error that ended the work after part of it was done. */
  readonly failure?: HugepoolError
  readonly partial: boolean
  /** Whether the command answers a question, and the answer is no. */
  readonly isNo?: boolean
  /** The error that a real run would end with for want of a right. */
  readonly denied?: HugepoolError
  /** The signal that stopped the work. The process ends by it after all output. */
  readonly signal?: StopSignal
}
