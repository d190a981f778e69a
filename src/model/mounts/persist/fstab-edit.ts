import { refused } from '../../../errors.ts'
import { octets } from '../../etc/octets.ts'
import { type FstabMention, fieldsOf, fstabPath, mentionsOf, mentionWords } from './fstab.ts'

/** An edit that turns one text into the next. */
export interface FstabEdit {
  readonly kind: 'none' | 'append' | 'replace' | 'delete'
  /** The number of the line that is replaced or deleted; 0 where there is none. */
  readonly number: number
  readonly after: string
}

const numbersOf = (mentions: readonly FstabMention[]): string =>
  `line${mentions.length === 1 ? '' : 's'} ${mentions.map(mentionWords).join(', ')}`

type Names = readonly string[] | undefined

const ownLine = (text: string, target: string, names: Names): number | undefined => {
  const own = mentionsOf(text, target, names).filter((mention) => mention.own)
  if (own.length <= 1) return own[0]?.number
  throw refused(
    'not-ours',
    `${fstabPath}: ${numbersOf(own)} mount ${target} and all carry the mark of hugepool`,
    'leave one of them',
  )
}

/** Throws E_REFUSED with the line numbers where lines of others mount something on a directory. */
export const refuseForeignLines = (text: string, target: string, names?: Names): void => {
  const foreign = mentionsOf(text, target, names).filter(({ own }) => !own)
  if (foreign.length === 0) return
  const [verb, were, them] =
    foreign.length === 1 ? ['mounts', 'was', 'it'] : ['mount', 'were', 'them']
  throw refused(
    'not-ours',
    `${fstabPath}: ${numbersOf(foreign)} ${verb} ${target} and ${were} not written by hugepool`,
    `remove ${them} by hand, or leave the mount to ${them}`,
  )
}

/** Appends a line. A file that ended without a newline still ends without one afterwards. */
const appended = (text: string, line: string): string =>
  text === '' || text.endsWith('\n') ? `${text}${line}\n` : `${text}\n${line}`

/**
 * Puts hugepool's line for a directory into a file given as octets. A line that differs only in its
 * blanks is left alone. `names` are other names of the directory. Throws E_REFUSED where a line of
 * others mounts there.
 */
export const withLine = (text: string, target: string, line: string, names?: Names): FstabEdit => {
  const number = ownLine(text, target, names)
  refuseForeignLines(text, target, names)
  const wanted = octets(line)
  if (number === undefined) return { kind: 'append', number: 0, after: appended(text, wanted) }
  const lines = text.split('\n')
  if (fieldsOf(lines[number - 1] ?? '').join(' ') === wanted)
    return { kind: 'none', number, after: text }
  return { kind: 'replace', number, after: lines.toSpliced(number - 1, 1, wanted).join('\n') }
}

/**
 * Removes hugepool's line for a directory from a file given as octets, and changes nothing else.
 */
export const withoutLine = (text: string, target: string, names?: Names): FstabEdit => {
  const number = ownLine(text, target, names)
  if (number === undefined) return { kind: 'none', number: 0, after: text }
  const after = text
    .split('\n')
    .toSpliced(number - 1, 1)
    .join('\n')
  return { kind: 'delete', number, after }
}
