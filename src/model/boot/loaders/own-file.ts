import { sequenceNames } from './hugetlb-sequence.ts'

/** The first line of files that are all hugepool's, in languages whose comments begin with `#`. */
export const ownMark =
  "# 'hugepool boot --install' writes this file, and 'hugepool boot --remove' removes it."

/** Names as an extended regular expression, in which `-` stands for `_` too. */
const namesPattern = sequenceNames.map((name) => name.replaceAll('_', '[-_]')).join('|')

/**
 * Returns the shell line that takes words about HugeTLB out of a variable. Between words are two
 * blanks when they are looked for, so that one can end a word and the other begin the next.
 */
export const withoutWordsIn = (variable: string): string =>
  `${variable}="$(printf '%s\\n' "$${variable}" | sed -E 's/.*/ & /; s/[[:space:]]+/  /g; s/ (${namesPattern})(=[^ ]*)? / /g; s/ +/ /g; s/^ | $//g')"`

/** An assignment at the start of a line, whose value can have several lines and a comment behind it. */
const assignmentPattern =
  /^[ \t]*(?:export[ \t]+)?(\w+)\+?=((?:"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\[\s\S]|[^\s"'\\;])*)/gm

/** Words in assignments of a shell file to variables of these names, which are expanded nowhere. */
export const assignedWords = (text: string, variable: RegExp): string =>
  [...text.matchAll(assignmentPattern)]
    .flatMap(([, name = '', value = '']) =>
      variable.test(name) ? value.replaceAll('\\\n', '').replace(/["']/g, ' ') : [],
    )
    .join(' ')

/** The value that a shell file gives a variable last, without its quotes and expanded nowhere. */
export const lastAssigned = (text: string, variable: string): string | undefined =>
  [...text.matchAll(assignmentPattern)]
    .filter(([, name]) => name === variable)
    .at(-1)?.[2]
    ?.replaceAll('\\\n', '')
    .replace(/["']/g, '')
