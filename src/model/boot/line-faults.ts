import type { BootMachine } from './boot-machine.ts'
import { insteadOf } from './instead-word.ts'
import type { WordFate } from './read-line.ts'

/** What is wrong with a word, and what to write instead. */
export interface LineFault extends WordFate {
  readonly instead: string
}

/** Tells whether a word does all that it seems to ask for. */
export const isAsItStands = ({ result, why }: WordFate): boolean =>
  result === 'used' && why === undefined

/** Returns what is wrong with the words of a line, in their order. */
export const lineFaults = (
  words: readonly WordFate[],
  machine: BootMachine,
): readonly LineFault[] =>
  words.flatMap((fate, at) =>
    isAsItStands(fate) ? [] : [{ ...fate, instead: insteadOf(fate, machine, words[at - 1]?.word) }],
  )
