import { sequenceNames } from './hugetlb-sequence.ts'

/**
 * The first line of files that hugepool alone writes, in languages whose comments begin with `#`.
 */
export const ownMark =
  "# 'hugepool boot --install' writes this file, and 'hugepool boot --remove' removes it."

/** The names of words as an extended regular expression, in which `-` stands for `_` too. */
const namesPattern = sequenceNames.map((name) => name.replaceAll('_', '[-_]')).join('|')

/**
 * Returns the shell line that takes words about HugeTLB out of a variable. It doubles the blanks
 * between words first: the pattern takes one blank before and one behind each word.
 */
export const withoutWordsIn = (variable: string): string =>
  `${variable}="$(printf '%s\\n' "$${variable}" | sed -E 's/.*/ & /; s/[[:space:]]+/  /g; s/ (${namesPattern})(=[^ ]*)? / /g; s/ +/ /g; s/^ | $//g')"`

/**
 * An assignment at the start of a line. Its value can have several lines, and a comment behind it.
 */
const assignmentPattern =
  /^[ \t]*(?:export[ \t]+)?(\w+)\+?=((?:"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\[\s\S]|[^\s"'\\;])*)/gm

/**
 * Returns the words that a shell file assigns to variables of these names. Nothing in them is
 * expanded.
 */
export const assignedWords = (text: string, variable: RegExp): string =>
  [...text.matchAll(assignmentPattern)]
    .flatMap(([, name = '', value = '']) =>
      variable.test(name) ? value.replaceAll('\\\n', '').replace(/["']/g, ' ') : [],
    )
    .join(' ')

/**
 * Returns the value that a shell file gives a variable last, without its quotes; undefined where it
 * gives none. Nothing in it is expanded.
 */
export const lastAssigned = (text: string, variable: string): string | undefined =>
  [...text.matchAll(assignmentPattern)]
    .filter(([, name]) => name === variable)
    .at(-1)?.[2]
    ?.replaceAll('\\\n', '')
    .replace(/["']/g, '')
