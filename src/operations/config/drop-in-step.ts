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
import { readOwnFile } from './read-own-file.ts'

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
  const before = readOwnFile(tree, ownDropIn, (octetsThere) => {
    const there = configText(octetsThere, ownDropIn)
    return there === '' || isOwnText(there)
  })
  const text = before === undefined ? undefined : configText(before, ownDropIn)
  const after = octets(mergeIntoDropIn(text, changes))
  if (after === before) return undefined
  const shell = shellFor(after, before === undefined)
  return present({ do: 'replace', path: ownDropIn, before, after, shell })
}
