import type { TunedSetting } from '../../model/config/tune/setting-kind.ts'
import type { HugeUser } from '../../model/processes/huge-user.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import type { AnyCommand, Words } from '../command.ts'
import type { Option } from '../options/option.ts'

/** A whole word that can replace the word being typed. */
export interface Candidate {
  readonly text: string
  readonly help?: string
}

/** Facts about the machine. Each is read only where a candidate depends on it. */
export interface CompletionFacts {
  readonly sizes: () => readonly PageSize[]
  readonly defaultSize: () => PageSize | undefined
  readonly nodes: () => readonly NodeId[]
  /** Directories on which a hugetlbfs can be reached. */
  readonly mounts: () => readonly string[]
  /** Processes with huge pages in their page tables. */
  readonly holders?: () => readonly HugeUser[]
  /** The settings that this machine could have. */
  readonly settings?: () => readonly TunedSetting[]
  /** Names of users and groups in /etc/passwd and /etc/group. */
  readonly users?: () => readonly string[]
  readonly groups?: () => readonly string[]
  /** Paths of the cgroups that can have limits on huge pages, as /proc/PID/cgroup names them. */
  readonly cgroups?: () => readonly string[]
}

/** The words before the word being typed. */
export interface WordsBefore extends Words {
  readonly command: AnyCommand
  readonly options: readonly Option[]
  /** The option whose value is being typed, where it stands in a word of its own. */
  readonly pending: Option | undefined
  /** Whether `--` stands before the word being typed. */
  readonly ended: boolean
  /**
   * Whether a command is named. Where none is, `command` is the default command, and the word being
   * typed may name another.
   */
  readonly isNamed: boolean
}

export type Completer = (
  typed: string,
  before: WordsBefore,
  facts: CompletionFacts,
) => readonly Candidate[]

/**
 * Returns the candidates that begin with what was typed. Where none does, it compares their
 * lower-case forms, because sizes and columns may be typed in lower case too.
 */
export const begun = (typed: string, offered: readonly Candidate[]): readonly Candidate[] => {
  const begins = ({ text }: Candidate) => text.startsWith(typed)
  const exact = offered.filter(begins)
  if (exact.length > 0) return exact
  return offered.map((one) => ({ ...one, text: one.text.toLowerCase() })).filter(begins)
}

/** Puts the beginning of a word before candidates for the rest of the word. */
export const withStart = (start: string, offered: readonly Candidate[]): readonly Candidate[] =>
  offered.map((one) => ({ ...one, text: start + one.text }))

/** Returns the beginning of a word through the last separator, which is where `mark` matches. */
export const throughLast = (typed: string, mark: RegExp): string =>
  typed.slice(0, typed.search(mark) + 1)
