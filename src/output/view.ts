import type { HugepoolError, StopSignal } from '../errors.ts'
import type { Json } from '../model/json.ts'
import type { CellStyle } from './columns.ts'
import type { TextRows } from './text-rows.ts'

/** The type of every document. The schema of a command describes its document in detail. */
export type Content = { readonly [key: string]: Json | undefined }

/** What a command shows: the same facts for people and for scripts. */
export interface View<Document extends Content = Content> {
  /** The rows of the table; absent where there are `lines` instead. */
  readonly rows?: (names: readonly string[], style: CellStyle) => TextRows
  /** A second table below the first, with columns of its own. */
  readonly moreRows?: (style: CellStyle) => TextRows
  /** Lines that can be typed into a shell, or other text that is printed as it is. */
  readonly lines?: readonly string[]
  readonly document: Document
  /** Sentences about the data, for stderr. */
  readonly words: readonly string[]
  readonly hints: readonly string[]
  /** The error that ended the work after part of it was done. */
  readonly failure?: HugepoolError
  readonly partial: boolean
  /** The signal that stopped the work. The process ends by it after all output. */
  readonly signal?: StopSignal
}
