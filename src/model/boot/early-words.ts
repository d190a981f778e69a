import { allocateAll } from './boot-allocation.ts'
import { type CmaAreas, reserveCma } from './cma-areas.ts'
import { noCma, readCma, type WantedCma } from './cma-word.ts'
import { type LineWord, plainName } from './command-line.ts'
import { ignoredWord } from './count-word.ts'
import { kernelMessages } from './kernel-messages.ts'
import { kstrtobool } from './kernel-numbers.ts'
import { readPageWord } from './page-word.ts'
import { type Reader, type ReadLine, retold } from './read-line.ts'
import { isPageWord } from './related-words.ts'

/** What was read of the words that a kernel reads before its memory is in use. */
interface Early {
  readonly state: ReadLine
  readonly cma: WantedCma
  readonly isOnlyCma: boolean
  /** The words of pages, which the kernel keeps until it knows its sizes. */
  readonly kept: readonly LineWord[]
}

const noteMalformed = (early: Early, word: LineWord): Early => ({
  ...early,
  state: ignoredWord(early.state, word, kernelMessages.malformed(word.name)),
})

const noteNoBoot = (early: Early, word: LineWord): Early => ({
  ...early,
  state: {
    ...early.state,
    fates: retold(early.state.fates, word, {
      result: 'no-boot',
      why: 'the kernel ends at a word without a value, before it can say so',
    }),
  },
})

/**
 * Keeps a word of pages in the table of the kernel, which drops what comes when the table is full.
 */
const readPageWordEarly = ({ rules, machine }: Reader, early: Early, word: LineWord): Early => {
  if (word.value === undefined)
    return rules.bare === 'no-boot' ? noteNoBoot(early, word) : noteMalformed(early, word)
  if (early.kept.length < machine.wordsKept) return { ...early, kept: [...early.kept, word] }
  const message = kernelMessages.malformed(word.name)
  const { state } = early
  return {
    ...early,
    state: {
      ...state,
      messages: [...state.messages, message],
      fates: retold(state.fates, word, { result: 'dropped', message }),
    },
  }
}

const readers: Readonly<Record<string, (reader: Reader, early: Early, word: LineWord) => Early>> = {
  hugetlb_cma: ({ rules, machine }, early, word) => {
    if (!machine.hasCma || rules.cma === 'unknown') return early
    return word.value === undefined
      ? noteNoBoot(early, word)
      : { ...early, cma: readCma(early.cma, word.value, rules) }
  },
  hugetlb_cma_only: ({ rules, machine }, early, word) => {
    if (!machine.hasCma || !rules.cmaOnly) return early
    const isOnlyCma = kstrtobool(word.value, rules.enableWords)
    return isOnlyCma === undefined ? noteMalformed(early, word) : { ...early, isOnlyCma }
  },
  hugetlb_free_vmemmap: ({ rules, machine }, early, word) => {
    if (!machine.hasFreeVmemmap) return early
    const { value } = word
    const isKnown =
      rules.freeVmemmap === 'on-off'
        ? value === 'on' || value === 'off'
        : rules.freeVmemmap !== 'early' || kstrtobool(value, rules.enableWords) !== undefined
    return isKnown ? early : noteMalformed(early, word)
  },
}

const readEarlyWord = (reader: Reader, early: Early, word: LineWord): Early => {
  const name = plainName(word.name)
  if (isPageWord(name)) return reader.rules.early ? readPageWordEarly(reader, early, word) : early
  return readers[name]?.(reader, early, word) ?? early
}

/** Tells of the last word of CMA what kept areas from being reserved as it asks. */
const toldAreas = (
  fates: ReadLine['fates'],
  words: readonly LineWord[],
  { areas, messages }: CmaAreas,
): ReadLine['fates'] => {
  const word = words.findLast(({ name }) => plainName(name) === 'hugetlb_cma')
  const message = messages.findLast((each) => !/reserved? \d+ MiB/.test(each))
  return message === undefined
    ? fates
    : retold(fates, word, { result: areas.size > 0 ? 'short' : 'ignored', message })
}

/**
 * Reads the early words of a line, reserves areas of CMA, and allocates gigantic pages where the
 * kernel does that before its memory is in use.
 */
export const readEarlyWords = (
  reader: Reader,
  state: ReadLine,
  words: readonly LineWord[],
): ReadLine => {
  const none: Early = { state, cma: noCma, isOnlyCma: false, kept: [] }
  const early = words.reduce<Early>((before, word) => readEarlyWord(reader, before, word), none)
  const reservation = reserveCma(early.cma, reader.machine, reader.rules)
  const { areas, messages } = reservation
  const reserved: ReadLine = {
    ...early.state,
    areas,
    messages: [...early.state.messages, ...messages],
    fates: toldAreas(early.state.fates, words, reservation),
    skipsGigantic: areas.size > 0 && !early.isOnlyCma,
  }
  const read = early.kept.reduce((before, word) => readPageWord(reader, before, word), reserved)
  return reader.rules.early ? allocateAll(reader, read, true) : read
}
