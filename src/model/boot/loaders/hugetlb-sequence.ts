import { usage } from '../../../errors.ts'
import { type LineWord, plainName, splitLine } from '../command-line.ts'
import { pageWords } from '../related-words.ts'

/**
 * The names of the words that hugepool installs. They mean something only together and in their
 * order. Words of transparent huge pages and of sysctls mean something alone, and hugepool leaves
 * them to those who wrote them.
 */
export const sequenceNames: readonly string[] = [
  ...pageWords,
  'hugetlb_cma',
  'hugetlb_cma_only',
  'hugetlb_free_vmemmap',
  'hugepage_alloc_threads',
]

export const isSequenceWord = ({ name }: LineWord): boolean =>
  sequenceNames.includes(plainName(name))

/** Finds the words of a line that have these names, in their order, with one blank between them. */
export const sequenceIn = (line: string): string =>
  splitLine(line)
    .words.filter(isSequenceWord)
    .map(({ text }) => text)
    .join(' ')

/** Returns a line without the words that `sequenceIn` finds. All other words keep every byte. */
export const withoutSequence = (line: string): string => {
  const found = splitLine(line).words.filter(isSequenceWord)
  const cut = found.reduceRight((rest, { at, text }) => {
    const before = rest.slice(0, at)
    const after = rest.slice(at + text.length)
    const isFirst = before.trim() === ''
    return isFirst ? before + after.replace(/^[^\S\n]+/, '') : before.trimEnd() + after
  }, line)
  return cut
}

/**
 * Returns a line whose words about HugeTLB are those of a sequence, and no others. They stand
 * behind all words for the kernel, and ahead of a lone `--`, behind which init gets everything.
 */
export const withSequence = (line: string, sequence: string): string => {
  const rest = withoutSequence(line)
  if (sequence === '') return rest
  const last = splitLine(rest).words.at(-1)
  const end = last === undefined ? 0 : last.at + last.text.length
  const blank = end === 0 ? '' : ' '
  const after = rest.slice(end)
  return `${rest.slice(0, end)}${blank}${sequence}${end === 0 && /^\S/.test(after) ? ' ' : ''}${after}`
}

/**
 * Returns a text whose first line has the words of a sequence, as `withSequence` puts them there.
 * The other lines stay as they are: no boot loader reads them.
 */
export const withSequenceFirst = (text: string, sequence: string): string => {
  const end = text.search(/\n|$/)
  return withSequence(text.slice(0, end), sequence) + text.slice(end)
}

/** A word that a shell, GRUB and a file of words all read as it stands. */
const plainWord = /^[A-Za-z0-9_.:,%+-]+=[A-Za-z0-9_.:,%+-]+$/

/**
 * Throws E_USAGE for words that are no sequence: a word without a value, which some kernels do not
 * survive, another word, or a character that a boot loader would read in its own way.
 */
export const checkSequence = (sequence: string): void => {
  const { words } = splitLine(sequence)
  const wrong = sequence
    .split(' ')
    .find((text) => !plainWord.test(text) || !words.some((word) => word.text === text))
  const other = words.find((word) => !isSequenceWord(word))?.text
  if (sequence === '') throw usage('there are no words to install')
  if (wrong !== undefined || other !== undefined)
    throw usage(
      `'${wrong ?? other}' is no word that can be installed`,
      `words such as hugepages=64, of these names: ${sequenceNames.join(', ')}`,
    )
}

/** Returns words without those of the longest sequence that stands among them as a whole. */
export const wordsBeside = (words: string, sequences: readonly string[]): string => {
  const found = sequences
    .filter((sequence) => sequence !== '')
    .sort((one, other) => other.length - one.length)
    .find((sequence) => ` ${words} `.includes(` ${sequence} `))
  return found === undefined ? words : ` ${words} `.replace(` ${found} `, ' ').trim()
}
