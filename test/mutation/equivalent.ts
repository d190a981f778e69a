import type { Mutant } from './choice.ts'
import { lineOf, wordsOf } from './mutators.ts'

/** A mutation that no test can notice, or none should. */
export interface Equivalent {
  readonly file: string
  /** The line that the mutation begins in, without its indent. */
  readonly line: string
  /** The mutation as a survivor is printed: `before -> after`. */
  readonly mutation: string
  readonly reason: string
}

export const isEquivalent =
  ({ file, source, mutation }: Mutant) =>
  (entry: Equivalent): boolean =>
    entry.file === file &&
    entry.line === lineOf(source, mutation).text &&
    entry.mutation === wordsOf(source, mutation)

/** Entries of files that are looked at which name no mutation of them. */
export const outdated = (
  entries: readonly Equivalent[],
  mutants: readonly Mutant[],
): readonly Equivalent[] =>
  entries.filter((entry) => !mutants.some((mutant) => isEquivalent(mutant)(entry)))

export const equivalents: readonly Equivalent[] = []
