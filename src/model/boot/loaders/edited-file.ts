import { sequenceIn } from './hugetlb-sequence.ts'
import type { LoaderFile } from './loader-row.ts'

/** What is read of a file in which only the first line counts. */
export const firstLine = (text: string): string => text.slice(0, text.search(/\n|$/))

/** The words about HugeTLB in a file of others, as far as it is read. */
export const wordsInFile = ({ read }: Pick<LoaderFile, 'read'>, text: string): string =>
  sequenceIn(read === undefined ? text : read(text))

/** Returns a text of others with the words that stand in another one in place of its own. */
export const withWordsOf = (file: LoaderFile, text: string, other: string): string =>
  file.write(text, { wanted: wordsInFile(file, other), takesOver: false })
