import type { NodeId } from '../../model/words/node-list.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import type { AnyCommand, Words } from '../command.ts'
import type { Option } from '../options/option.ts'

/** A whole word that can stand in place of the one being typed. */
export interface Candidate {
  readonly text: string
  readonly help?: string
}

/** What the machine has, read only where a candidate depends on it. */
export interface CompletionFacts {
  readonly sizes: () => readonly PageSize[]
  readonly defaultSize: () => PageSize | undefined
  readonly nodes: () => readonly NodeId[]
  /** Directories on which a hugetlbfs can be reached. */
  readonly mounts: () => readonly string[]
}

/** What stands before the word being typed. */
export interface WordsBefore extends Words {
  readonly command: AnyCommand
  readonly options: readonly Option[]
  /** The option whose value comes next. */
  readonly pending: Option | undefined
  /** After `--`. */
  readonly ended: boolean
  /** Without a name the command is the usual one, and the next word may name another. */
  readonly isNamed: boolean
}

export type Completer = (
  typed: string,
  before: WordsBefore,
  facts: CompletionFacts,
) => readonly Candidate[]

/** Those that begin as typed. Where none does, sizes and columns may be typed in lower case too. */
export const begun = (typed: string, offered: readonly Candidate[]): readonly Candidate[] => {
  const begins = ({ text }: Candidate) => text.startsWith(typed)
  const exact = offered.filter(begins)
  if (exact.length > 0) return exact
  return offered.map((one) => ({ ...one, text: one.text.toLowerCase() })).filter(begins)
}

/** Completes what follows the first characters of a word. */
export const withStart = (start: string, offered: readonly Candidate[]): readonly Candidate[] =>
  offered.map((one) => ({ ...one, text: start + one.text }))

/** The beginning of a word, up to the last of some marks. */
export const throughLast = (typed: string, mark: RegExp): string =>
  typed.slice(0, typed.search(mark) + 1)
