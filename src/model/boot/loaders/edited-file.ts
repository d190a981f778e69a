import { sequenceIn } from './hugetlb-sequence.ts'
import type { LoaderFile } from './loader-row.ts'

/** Returns the first line of a text, for files in which nothing else counts. */
export const firstLine = (text: string): string => text.slice(0, text.search(/\n|$/))

/** Finds the words about HugeTLB in a file of others, in the part of it that counts. */
export const wordsInFile = ({ read }: Pick<LoaderFile, 'read'>, text: string): string =>
  sequenceIn(read === undefined ? text : read(text))

/** Returns a text of others in which the words of another text stand in place of its own. */
export const withWordsOf = (file: LoaderFile, text: string, other: string): string =>
  file.write(text, { wanted: wordsInFile(file, other), takesOver: false })
