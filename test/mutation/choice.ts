import { createHash } from 'node:crypto'
import type { Mutation } from './mutators.ts'

/** A mutation of a file, with the text it changes. */
export interface Mutant {
  readonly file: string
  readonly source: string
  readonly mutation: Mutation
}

/**
 * The rank of a mutation within its file. It hangs on the shape of the code alone, not on names,
 * so that a renaming chooses the same mutations as before.
 */
const rankOf = (seed: number, index: number, kind: string): string =>
  createHash('sha256').update(`${seed}:${index}:${kind}`).digest('hex')

const shuffled = (mutants: readonly Mutant[], seed: number): readonly Mutant[] =>
  mutants
    .map((mutant, index) => ({ mutant, rank: rankOf(seed, index, mutant.mutation.kind) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .map(({ mutant }) => mutant)

/**
 * All mutants in the order in which they are taken: one of each file, then the second ones. A file
 * has its turn the more often the more mutations it has, by their square root. Which files come
 * first is chosen by the seed too.
 */
export const inTurn = (files: readonly (readonly Mutant[])[], seed: number): readonly Mutant[] =>
  files
    .flatMap((mutants, file) =>
      shuffled(mutants, seed).map((mutant, index) => ({
        mutant,
        turn: index === 0 ? 0 : (index + 1) / Math.sqrt(mutants.length),
        rank: rankOf(seed, file, 'file'),
      })),
    )
    .sort((one, other) => one.turn - other.turn || (one.rank < other.rank ? -1 : 1))
    .map(({ mutant }) => mutant)
