import { type LineWord, plainName } from './command-line.ts'
import { countWord } from './count-word.ts'
import type { LineState, Reader } from './line-state.ts'
import type { PageWord } from './other-words.ts'
import { defaultWord, sizeWord } from './size-words.ts'

const readers: Readonly<
  Record<PageWord, (reader: Reader, state: LineState, word: LineWord) => LineState>
> = { hugepages: countWord, hugepagesz: sizeWord, default_hugepagesz: defaultWord }

/** Reads one of the three words of pages. */
export const readPageWord = (reader: Reader, state: LineState, word: LineWord): LineState =>
  readers[plainName(word.name) as PageWord](reader, state, word)
