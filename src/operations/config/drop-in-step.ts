import { refused } from '../../errors.ts'
import { readEtc } from '../../kernel/etc/etc-files.ts'
import { leadsTo } from '../../kernel/etc/unit-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import { configText } from '../../model/config/config-text.ts'
import {
  type DropInChanges,
  isOwnText,
  mergeIntoDropIn,
  ownDropIn,
} from '../../model/config/own-drop-in.ts'
import { fileLine } from '../../model/etc/file-line.ts'
import type { FileStep } from '../../model/etc/file-step.ts'
import { type Octets, octets } from '../../model/etc/octets.ts'
import { directoryAbove } from '../../model/etc/path-parts.ts'
import { present } from '../../model/words/present.ts'

const directory = directoryAbove(ownDropIn)

const shellFor = (text: Octets, isNew: boolean): readonly string[] => [
  ...(isNew ? [`mkdir -p ${directory}`] : []),
  fileLine(ownDropIn, text),
]

/**
 * Plans changes of hugepool's drop-in; undefined where it says all that already. Throws E_CONFIG
 * for one that cannot be read, and E_REFUSED for one that somebody else wrote: its comments would
 * be lost.
 */
export const dropInStep = (
  tree: Tree,
  changes: DropInChanges,
): (FileStep & { readonly do: 'replace' }) | undefined => {
  if (leadsTo(tree, ownDropIn) === '/dev/null')
    throw refused(
      'masked',
      `${ownDropIn} is a link to /dev/null, which switches it off`,
      `remove it: rm ${ownDropIn}`,
    )
  const before = readEtc(tree, ownDropIn)
  const text = before === undefined ? undefined : configText(before, ownDropIn)
  if (text !== undefined && text !== '' && !isOwnText(text))
    throw refused(
      'not-ours',
      `${ownDropIn} was not written by hugepool`,
      'give it another name: hugepool keeps no comments in it',
    )
  const after = octets(mergeIntoDropIn(text, changes))
  if (after === before) return undefined
  const shell = shellFor(after, before === undefined)
  return present({ do: 'replace', path: ownDropIn, before, after, shell })
}
