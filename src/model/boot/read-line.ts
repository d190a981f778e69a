import type { Bytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import type { BootMachine } from './boot-machine.ts'
import type { LineWord } from './command-line.ts'
import type { LineRules } from './kernel-series.ts'
import type { BootPages } from './taken-pages.ts'

/** How many pages of a size are wanted. */
export interface WantedPages {
  readonly count: Pages
  readonly nodes: ReadonlyMap<NodeId, Pages>
  /** The word that asked last for the number of a node. */
  readonly nodeWords: ReadonlyMap<NodeId, LineWord>
  /** The last word that asked for any of them. */
  readonly word?: LineWord
}

export const nothingWanted: WantedPages = {
  count: 0n,
  nodes: new Map(),
  nodeWords: new Map(),
}

/** What a word came to: see hugepool-boot(8). */
export type WordResult = 'used' | 'overridden' | 'ignored' | 'dropped' | 'short' | 'no-boot'

/** What is known of one word once the line was read. */
export interface WordFate {
  readonly word: LineWord
  /** What the word asks for, in a few words. */
  readonly means: string
  readonly result: WordResult
  /** What the kernel says of the word; absent where it says nothing. */
  readonly message?: string
  /** Why it came to this result, where the kernel says nothing. */
  readonly why?: string
}

/** All that a kernel keeps while it reads the words of pages. */
export interface ReadLine {
  /** The sizes that words named, in the order of the words. */
  readonly sizes: readonly PageSize[]
  /** The size that the next count is for. */
  readonly current?: PageSize
  readonly isValid: boolean
  /** The default size, once a word gave it. */
  readonly defaultSize?: PageSize
  /** The count that came before any size. */
  readonly implicit: WantedPages
  readonly wanted: ReadonlyMap<PageSize, WantedPages>
  /** The size whose count was read last. */
  readonly last?: PageSize | 'implicit'
  readonly pages: BootPages
  /** Whether areas of CMA keep gigantic pages from being allocated. */
  readonly skipsGigantic: boolean
  readonly areas: ReadonlyMap<NodeId, Bytes>
  readonly threads: bigint
  readonly messages: readonly string[]
  readonly fates: readonly WordFate[]
}

/** The rules by which a line is read, and the machine on which it is. */
export interface Reader {
  readonly rules: LineRules
  readonly machine: BootMachine
}

export const wantedFor = ({ wanted }: ReadLine, size: PageSize): WantedPages =>
  wanted.get(size) ?? nothingWanted

/** Changes what is told of a word, unless a result other than `used` is known of it already. */
export const retold = (
  fates: readonly WordFate[],
  word: LineWord | undefined,
  told: Partial<WordFate>,
): readonly WordFate[] =>
  fates.map((fate) => (fate.word === word && fate.result === 'used' ? { ...fate, ...told } : fate))

/** Changes what is told of every word that asked for pages, as `retold` does. */
export const retoldAll = (
  fates: readonly WordFate[],
  { word, nodeWords }: WantedPages,
  told: Partial<WordFate>,
): readonly WordFate[] =>
  [word, ...nodeWords.values()].reduce((before, one) => retold(before, one, told), fates)
