import { type KeptWords, type LineWord, type LineWords, plainName } from './command-line.ts'
import type { WordFate } from './read-line.ts'
import {
  isPageWord,
  isRelatedWord,
  type PageWord,
  relatedWords,
  sysctlOf,
} from './related-words.ts'

const pageMeanings: Readonly<Record<PageWord, string>> = {
  hugepages: 'a number of pages',
  hugepagesz: 'the page size of the next number',
  default_hugepagesz: 'the default page size',
}

const sysctlMeaning = 'a sysctl that is set when the kernel has started'

const meaningOf = (name: string): string | undefined =>
  isPageWord(name)
    ? pageMeanings[name]
    : isRelatedWord(name)
      ? relatedWords[name]
      : sysctlOf(name) && sysctlMeaning

/** Tells whether a word is a number that a blank parts from the `=` of a word of pages. */
const isStray = (word: LineWord, before: LineWord | undefined): boolean =>
  /^[\d+-]/.test(word.name) &&
  word.value === undefined &&
  before?.value === '' &&
  isPageWord(plainName(before.name))

const isMistyped = ({ name }: LineWord): boolean =>
  meaningOf(plainName(name).toLowerCase()) !== undefined

/** Tells whether a word looks like one about huge pages although no kernel knows it. */
export const isUnknownWord = (word: LineWord, before: LineWord | undefined): boolean =>
  meaningOf(plainName(word.name)) === undefined && (isMistyped(word) || isStray(word, before))

/** Says of a word that a kernel does not know what becomes of it, where the kernel says nothing. */
export const whyUnknown = 'this kernel does not know it, and init gets it'

/** Says why a kernel does not see a word at all. */
export const whyCutOff = 'the line is too long, and the kernel reads its beginning alone'

/**
 * Returns the words of a line that are about huge pages, or look as if they were, as they stand
 * before a kernel has read any.
 */
export const ourWords = ({ words, forInit }: LineWords): readonly WordFate[] => [
  ...words.flatMap((word, at): readonly WordFate[] => {
    const means = meaningOf(plainName(word.name))
    if (means !== undefined) return [{ word, means, result: 'used' }]
    return isUnknownWord(word, words[at - 1])
      ? [{ word, means: 'nothing to the kernel', result: 'used' }]
      : []
  }),
  ...forInit
    .filter((word) => meaningOf(plainName(word.name)) !== undefined)
    .map(
      (word): WordFate => ({
        word,
        means: 'a word for init',
        result: 'ignored',
        why: 'it stands behind --',
      }),
    ),
]

/** Returns the words about huge pages among those that a kernel cuts off the line. */
export const cutOffWords = ({ cutOff }: Pick<KeptWords, 'cutOff'>): readonly WordFate[] =>
  cutOff.flatMap((word): readonly WordFate[] => {
    const means = meaningOf(plainName(word.name))
    return means === undefined ? [] : [{ word, means, result: 'dropped', why: whyCutOff }]
  })
