import { isGigantic } from '../pools/gigantic.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { allocate } from './boot-allocation.ts'
import type { LineWord } from './command-line.ts'
import { ignoredWord } from './count-word.ts'
import { kernelMessages } from './kernel-messages.ts'
import { scanSize } from './kernel-numbers.ts'
import { nothingWanted, type Reader, type ReadLine, retold, wantedFor } from './read-line.ts'

/** Reads the size that a word names; undefined where the processor lacks it. */
const sizeOf = ({ rules, machine }: Reader, word: LineWord): PageSize | undefined => {
  const { value } = scanSize(word.value ?? '', rules.saturates)
  return machine.sizes.includes(value) ? value : undefined
}

const withMeaning = (state: ReadLine, word: LineWord, means: string): ReadLine => ({
  ...state,
  fates: retold(state.fates, word, { means }),
})

/**
 * Adds a size, for which the next count is. A size that was named before does not become that again
 * (hugetlb_add_hstate in mm/hugetlb.c).
 */
const withSize = (state: ReadLine, size: PageSize): ReadLine =>
  state.sizes.includes(size) ? state : { ...state, sizes: [...state.sizes, size], current: size }

/**
 * Reads `hugepagesz=SIZE` as hugepagesz_setup of mm/hugetlb.c does. The default size may be named
 * once more while it has no count.
 */
export const pageSizeWord = (reader: Reader, before: ReadLine, word: LineWord): ReadLine => {
  const state = { ...before, isValid: false }
  const text = word.value ?? ''
  const size = sizeOf(reader, word)
  if (size === undefined) return ignoredWord(state, word, kernelMessages.badSize(text))
  const read = withMeaning(state, word, `the next number counts pages of ${formatSize(size)}`)
  if (!state.sizes.includes(size)) return { ...withSize(read, size), isValid: true }
  return state.defaultSize === size && wantedFor(state, size).count === 0n
    ? { ...read, current: size, isValid: true }
    : ignoredWord(state, word, kernelMessages.sizeTwice(text))
}

/**
 * Gives the default size the count that came before any size. From 6.15 on nodes that earlier words
 * named for the size keep their counts.
 */
const takeImplicit = (reader: Reader, state: ReadLine, size: PageSize): ReadLine => {
  const { implicit } = state
  if (implicit.count === 0n) return state
  const kept = reader.rules.early ? wantedFor(state, size) : nothingWanted
  const wanted = {
    ...implicit,
    nodes: new Map([...kept.nodes, ...implicit.nodes]),
    nodeWords: new Map([...kept.nodeWords, ...implicit.nodeWords]),
  }
  const after = {
    ...state,
    wanted: new Map(state.wanted).set(size, wanted),
    implicit: { ...nothingWanted, nodes: implicit.nodes, nodeWords: implicit.nodeWords },
  }
  return !reader.rules.early && isGigantic(reader.machine, size)
    ? allocate(reader, after, size)
    : after
}

/**
 * Reads `default_hugepagesz=SIZE` as default_hugepagesz_setup of mm/hugetlb.c does. A line may have
 * one such word.
 */
export const defaultWord = (reader: Reader, before: ReadLine, word: LineWord): ReadLine => {
  const state = { ...before, isValid: false }
  const text = word.value ?? ''
  if (state.defaultSize !== undefined)
    return ignoredWord(state, word, kernelMessages.defaultTwice(text))
  const size = sizeOf(reader, word)
  if (size === undefined) return ignoredWord(state, word, kernelMessages.badDefault(text))
  const read = withMeaning(state, word, `the default page size is ${formatSize(size)}`)
  const known = { ...withSize(read, size), isValid: true, defaultSize: size }
  return takeImplicit(reader, known, size)
}
