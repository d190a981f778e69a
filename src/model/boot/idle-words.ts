import { plainName } from './command-line.ts'
import type { WordFate } from './read-line.ts'

const isWord = ({ word }: WordFate, ...names: readonly string[]): boolean =>
  names.includes(plainName(word.name))

/** Tells whether a page size has no number of pages behind it, so that it does nothing. */
const isTorn = (fate: WordFate, after: readonly WordFate[]): boolean => {
  if (!isWord(fate, 'hugepagesz')) return false
  const next = after.find((each) => isWord(each, 'hugepages', 'hugepagesz', 'default_hugepagesz'))
  return next === undefined || !isWord(next, 'hugepages')
}

/**
 * Reads the numbers of a count by node. A later one takes the place of an earlier one for the same
 * node, and `isTwice` says whether any did.
 */
export const lastNumbers = (
  value: string,
): { readonly text: string; readonly isTwice: boolean } => {
  const counts = [...value.matchAll(/(\d+):(\d+)/g)]
  const last = new Map(counts.map(([, node = '', pages = '']) => [Number(node), pages]))
  return {
    text: [...last].map(([node, pages]) => `${node}:${pages}`).join(','),
    isTwice: last.size < counts.length,
  }
}

const whyIdle = (fate: WordFate, after: readonly WordFate[]): string | undefined => {
  if (isTorn(fate, after)) return 'no number of pages follows it'
  return isWord(fate, 'hugepages') && lastNumbers(fate.word.value ?? '').isTwice
    ? 'a node is named twice: its last number counts, and vm.nr_hugepages shows the sum'
    : undefined
}

/**
 * Explains words that the kernel takes without a message, and that do nothing or less than they
 * seem to.
 */
export const tellIdleWords = (fates: readonly WordFate[]): readonly WordFate[] =>
  fates.map((fate, at) => {
    const why =
      fate.result === 'used' && fate.why === undefined
        ? whyIdle(fate, fates.slice(at + 1))
        : undefined
    return why === undefined ? fate : { ...fate, why }
  })
