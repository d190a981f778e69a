import { refused } from '../../../errors.ts'
import { wordsInFile } from './edited-file.ts'
import { sequenceIn, wordsBeside } from './hugetlb-sequence.ts'
import type { LoaderState } from './loader-plan.ts'
import type { OthersWords } from './loader-row.ts'

/** Finds the words in the file of others that is edited; nothing where no such file is. */
const inFile = ({ loader, files }: LoaderState): readonly OthersWords[] => {
  const file = loader.file?.(files)
  if (file === undefined || file.isOwn) return []
  return [{ path: file.path, words: wordsInFile(file, files.texts.get(file.path) ?? '') }]
}

/**
 * Finds words about HugeTLB that hugepool did not install, where they are written and where they
 * will be booted. Those that it has taken over stand in its record, and are left out.
 */
export const findForeign = (state: LoaderState): readonly OthersWords[] => {
  const { loader, files, record } = state
  const booted = loader
    .entries(files)
    .map(({ path, line }): OthersWords => ({ path, words: sequenceIn(line) }))
  const all = [...(loader.foreign?.(files) ?? []), ...inFile(state), ...booted]
  const found = all
    .map(({ path, words }) => ({ path, words: wordsBeside(words, record?.sequences ?? []) }))
    .filter(({ words }) => words !== '' && !record?.replaced.includes(words))
  return found.filter(
    ({ path, words }, at) =>
      at === found.findIndex((other) => other.path === path && other.words === words),
  )
}

/**
 * Throws E_REFUSED where words of others are there, unless they are to be replaced and this boot
 * loader can do that.
 */
export const refuseForeign = (
  { loader }: LoaderState,
  foreign: readonly OthersWords[],
  replace: boolean,
): void => {
  const [first] = foreign
  if (first === undefined || (replace && loader.cannotTakeOver === undefined)) return
  throw refused(
    'not-ours',
    `${first.path} has words that hugepool did not install: ${first.words}`,
    replace
      ? `remove them there: ${loader.cannotTakeOver}`
      : loader.cannotTakeOver === undefined
        ? '--replace takes them over, and --remove gives them back'
        : `remove them there, or see what they come to: hugepool boot`,
  )
}
