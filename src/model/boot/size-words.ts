import { formatSize, type PageSize } from '../words/page-size.ts'
import { allocate } from './boot-allocation.ts'
import type { LineWord } from './command-line.ts'
import { ignoredWord } from './count-word.ts'
import { kernelMessages } from './kernel-messages.ts'
import { scanSize } from './kernel-numbers.ts'
import {
  isGiganticAtBoot,
  nothingWanted,
  type Reader,
  type ReadLine,
  retold,
  wantedFor,
} from './read-line.ts'

/** The size that a word names, where the processor has it. */
const sizeOf = ({ rules, machine }: Reader, word: LineWord): PageSize | undefined => {
  const { value } = scanSize(word.value ?? '', rules.saturates)
  return machine.sizes.includes(value) ? value : undefined
}

const meaning = (state: ReadLine, word: LineWord, means: string): ReadLine => ({
  ...state,
  fates: retold(state.fates, word, { means }),
})

/** A size that was named before keeps the place of the next count (hugetlb_add_hstate). */
const named = (state: ReadLine, size: PageSize): ReadLine =>
  state.sizes.includes(size) ? state : { ...state, sizes: [...state.sizes, size], current: size }

/** Reads `hugepagesz=SIZE`. A default that has no count yet may be named once more. */
export const pageSizeWord = (reader: Reader, before: ReadLine, word: LineWord): ReadLine => {
  const state = { ...before, isValid: false }
  const text = word.value ?? ''
  const size = sizeOf(reader, word)
  if (size === undefined) return ignoredWord(state, word, kernelMessages.badSize(text))
  const read = meaning(state, word, `the next number counts pages of ${formatSize(size)}`)
  if (!state.sizes.includes(size)) return { ...named(read, size), isValid: true }
  return state.defaultSize === size && wantedFor(state, size).count === 0n
    ? { ...read, current: size, isValid: true }
    : ignoredWord(state, word, kernelMessages.sizeTwice(text))
}

/** The count that came before any size is for the default one; its nodes are wanted beside others. */
const takeImplicit = (reader: Reader, state: ReadLine, size: PageSize): ReadLine => {
  const { implicit } = state
  if (implicit.count === 0n) return state
  const kept = reader.rules.early ? wantedFor(state, size).nodes : new Map()
  const wanted = { ...implicit, nodes: new Map([...kept, ...implicit.nodes]) }
  const after = {
    ...state,
    wanted: new Map(state.wanted).set(size, wanted),
    implicit: { ...nothingWanted, nodes: implicit.nodes },
  }
  return !reader.rules.early && isGiganticAtBoot(reader, size)
    ? allocate(reader, after, size)
    : after
}

/** Reads `default_hugepagesz=SIZE`, of which a line may have one. */
export const defaultWord = (reader: Reader, before: ReadLine, word: LineWord): ReadLine => {
  const state = { ...before, isValid: false }
  const text = word.value ?? ''
  if (state.defaultSize !== undefined)
    return ignoredWord(state, word, kernelMessages.defaultTwice(text))
  const size = sizeOf(reader, word)
  if (size === undefined) return ignoredWord(state, word, kernelMessages.badDefault(text))
  const read = meaning(state, word, `the default page size is ${formatSize(size)}`)
  const known = { ...named(read, size), isValid: true, defaultSize: size }
  return takeImplicit(reader, known, size)
}
