import type { Pages } from '../words/count.ts'
import type { PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import type { LineWord } from './command-line.ts'
import { kstrtoul } from './kernel-numbers.ts'
import { type Reader, type ReadLine, retold, retoldAll, wantedFor } from './read-line.ts'
import { sysctlOf } from './related-words.ts'
import { keepInTurn, pagesOnAll, takeInTurn } from './taken-pages.ts'

/** Gives a pool so many pages, from all nodes in turn. */
const resized = (
  { machine }: Reader,
  { pages }: ReadLine,
  size: PageSize,
  count: Pages,
): ReadLine['pages'] => {
  const had = pagesOnAll(pages.get(size))
  return count < had
    ? keepInTurn(pages, size, count)
    : takeInTurn(machine, pages, { size, count: count - had })
}

const applyCount = (reader: Reader, state: ReadLine, word: LineWord, count: Pages): ReadLine => {
  const size = state.defaultSize ?? reader.machine.usualSize
  const before = wantedFor(state, size)
  const pages = resized(reader, state, size, count)
  const got = pagesOnAll(pages.get(size))
  const fates = retoldAll(state.fates, before, {
    result: 'overridden',
    why: `by ${word.text}`,
  })
  const told =
    got < count
      ? ({ result: 'short', why: `${plural(got, 'page is', 'pages are')} had` } as const)
      : {}
  return {
    ...state,
    pages,
    wanted: new Map(state.wanted).set(size, {
      count: got,
      nodes: new Map(),
      nodeWords: new Map(),
      word,
    }),
    fates: retold(fates, word, told),
  }
}

const applySysctl = (reader: Reader, state: ReadLine, word: LineWord): ReadLine => {
  const sysctl = sysctlOf(word.name)
  if (sysctl === undefined) return state
  const ignored = (why: string): ReadLine => ({
    ...state,
    fates: retold(state.fates, word, { result: 'ignored', why }),
  })
  if (!reader.rules.sysctlWords) return ignored('kernels before 5.8 have no such words')
  const count = kstrtoul(word.value ?? '')
  if (count === undefined) return ignored('it is no number')
  return sysctl.startsWith('nr_hugepages') ? applyCount(reader, state, word, count) : state
}

/**
 * Applies the sysctls of a line, as the kernel does just before it starts init (do_sysctl_args in
 * fs/proc/proc_sysctl.c).
 */
export const applySysctls = (
  reader: Reader,
  state: ReadLine,
  words: readonly LineWord[],
): ReadLine => words.reduce((before, word) => applySysctl(reader, before, word), state)
