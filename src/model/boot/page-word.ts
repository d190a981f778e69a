import { type LineWord, plainName } from './command-line.ts'
import { countWord } from './count-word.ts'
import type { Reader, ReadLine } from './read-line.ts'
import type { PageWord } from './related-words.ts'
import { defaultWord, pageSizeWord } from './size-words.ts'

const readers: Readonly<
  Record<PageWord, (reader: Reader, state: ReadLine, word: LineWord) => ReadLine>
> = { hugepages: countWord, hugepagesz: pageSizeWord, default_hugepagesz: defaultWord }

/** Reads one of the three words of pages. */
export const readPageWord = (reader: Reader, state: ReadLine, word: LineWord): ReadLine =>
  readers[plainName(word.name) as PageWord](reader, state, word)
