import { type LineWord, plainName } from './command-line.ts'
import { ignoredWord } from './count-word.ts'
import { kernelMessages } from './kernel-messages.ts'
import { kstrtobool, kstrtoul } from './kernel-numbers.ts'
import { isUnknownWord, whyUnknown } from './our-words.ts'
import { readPageWord } from './page-word.ts'
import { type Reader, type ReadLine, retold } from './read-line.ts'
import { isPageWord } from './related-words.ts'

/**
 * Tells whether a kernel of this series that is built in this way knows a word about huge pages.
 */
const isKnown = ({ rules, machine }: Reader, { name, value }: LineWord): boolean => {
  const plain = plainName(name)
  if (isPageWord(plain)) return rules.early || value !== undefined
  if (plain === 'hugetlb_cma') return machine.hasCma && rules.cma !== 'unknown'
  if (plain === 'hugetlb_cma_only') return machine.hasCma && rules.cmaOnly
  if (plain === 'hugetlb_free_vmemmap')
    return machine.hasFreeVmemmap && rules.freeVmemmap !== 'unknown'
  // The kernel knows this name only together with its `=`.
  if (plain === 'hugepage_alloc_threads') return rules.allocThreads && value !== undefined
  return true
}

/** Finds the words about huge pages that the kernel does not know, so that init gets them. */
const unknownIn = (reader: Reader, words: readonly LineWord[]): readonly LineWord[] =>
  words.filter((word, at) => isUnknownWord(word, words[at - 1]) || !isKnown(reader, word))

/**
 * Writes unknown words as the kernel tells them: first the arguments of init, then its environment,
 * in which the last value of a name takes the place of the first (unknown_bootoption of
 * init/main.c).
 */
const toldToInit = (words: readonly LineWord[]): readonly string[] => {
  const values = new Map(
    words.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])),
  )
  return [
    ...words.filter(({ value }) => value === undefined).map(({ name }) => name),
    ...[...values].map(([name, value]) => `${name}=${value}`),
  ]
}

const tellUnknown = (reader: Reader, state: ReadLine, words: readonly LineWord[]): ReadLine => {
  const unknown = unknownIn(reader, words)
  if (unknown.length === 0) return state
  const message = kernelMessages.unknown(toldToInit(unknown))
  const told = reader.rules.tellsUnknown ? { message } : { why: whyUnknown }
  return {
    ...state,
    messages: reader.rules.tellsUnknown ? [...state.messages, message] : state.messages,
    fates: unknown.reduce(
      (fates, word) => retold(fates, word, { result: 'ignored', ...told }),
      state.fates,
    ),
  }
}

const readFreeVmemmap = ({ rules, machine }: Reader, state: ReadLine, word: LineWord): ReadLine => {
  const { value } = word
  const isRead =
    !machine.hasFreeVmemmap ||
    rules.freeVmemmap !== 'core' ||
    value === undefined ||
    kstrtobool(value, rules.enableWords) !== undefined
  return isRead ? state : ignoredWord(state, word, kernelMessages.badBool(value, word.name))
}

const readThreads = ({ rules }: Reader, state: ReadLine, word: LineWord): ReadLine => {
  const threads = rules.allocThreads ? kstrtoul(word.value ?? '') : undefined
  return threads === undefined || threads === 0n ? state : { ...state, threads }
}

const readLateWord = (reader: Reader, state: ReadLine, word: LineWord): ReadLine => {
  const name = plainName(word.name)
  if (isPageWord(name))
    return reader.rules.early || word.value === undefined
      ? state
      : readPageWord(reader, state, word)
  if (name === 'hugetlb_free_vmemmap') return readFreeVmemmap(reader, state, word)
  if (name === 'hugepage_alloc_threads') return readThreads(reader, state, word)
  return state
}

/** Reads the other words of a line once the early ones are read, in the order of the line. */
export const readLateWords = (
  reader: Reader,
  state: ReadLine,
  words: readonly LineWord[],
): ReadLine => {
  const read = words.reduce((before, word) => readLateWord(reader, before, word), state)
  return tellUnknown(reader, read, words)
}
