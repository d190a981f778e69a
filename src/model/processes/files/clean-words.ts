import { visible } from '../../etc/octal-escapes.ts'
import { shellWord } from '../../etc/shell-word.ts'
import { firstNames } from '../../words/first-names.ts'
import { formatSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import { type ChosenFile, keptReasons } from './clean-choice.ts'
import { programWords } from './file-program.ts'
import type { HugeFile } from './huge-file.ts'
import { leftReasons, type Removal } from './removal.ts'

/** One file in the list that is shown before the question. */
const askedLine = ({ path, pages, pageSize, program }: HugeFile): string => {
  const of = program === undefined ? '' : `, of ${programWords(program)}`
  return `  ${visible(path)}: ${plural(pages, 'page')} of ${formatSize(pageSize)}${of}`
}

/** The question before files are removed. */
export const cleanQuestion = (files: readonly HugeFile[]): string =>
  [
    'nobody has these files:',
    ...files.map(askedLine),
    `remove ${plural(BigInt(files.length), 'file')}? [y/N] `,
  ].join('\n')

/** The lines for a shell that remove the files. */
export const removalLines = (files: readonly HugeFile[]): readonly string[] =>
  files.map(({ reach }) => `rm -- ${shellWord(reach)}`)

/** Something that stays, and why. */
interface Staying {
  readonly name: string
  readonly why: string
}

/** Says what stays and why, one sentence for each reason. */
export const wordsOfStaying = (all: readonly Staying[], noun: string): readonly string[] => {
  const byReason = new Map<string, readonly string[]>()
  for (const { name, why } of all) byReason.set(why, [...(byReason.get(why) ?? []), name])
  return [...byReason].map(([why, [first, ...more]]) => {
    const others = more.length === 0 ? '' : ` and ${plural(BigInt(more.length), `more ${noun}`)}`
    const verb = more.length === 0 ? 'stays' : 'stay'
    return `${first}${others} ${verb}: ${why}`
  })
}

/** Says which files stay and why. Files that are in use are no news. */
export const reasonsToStay = (chosen: readonly ChosenFile[]): readonly string[] =>
  wordsOfStaying(
    chosen.flatMap(({ file, kept }) =>
      kept === undefined || kept === 'used' ? [] : [{ name: file.path, why: keptReasons[kept] }],
    ),
    'file',
  )

/** Says of which files the paths lead nowhere from here. */
export const unreachedWords = (files: readonly HugeFile[]): readonly string[] => {
  const paths = files.filter(({ reach }) => reach === '').map(({ path }) => path)
  if (paths.length === 0) return []
  const are = paths.length === 1 ? 'is in a mount namespace' : 'are in mount namespaces'
  return [`${firstNames(paths)} ${are} that no process is in: nothing leads there`]
}

/** Says of each file that should have gone why it is still there. */
export const leftWords = (removals: readonly Removal[]): readonly string[] =>
  removals.flatMap(({ file, left, at }) => {
    if (left === undefined) return []
    const where = at === undefined ? '' : `; it is now ${at}`
    return [`${file.path}: not removed: ${leftReasons[left]}${where}`]
  })
