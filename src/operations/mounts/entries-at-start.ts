import { foundOr } from '../../errors.ts'
import type { Tree } from '../../kernel/tree.ts'
import { type StartEntry, startEntries } from '../../model/mounts/persist/start-entry.ts'
import { persistFactsAt } from './look-at-etc.ts'

/**
 * Looks for what mounts a directory at the next start. Files that may not be read are no reason to
 * fail: what they say is only told.
 */
export const entriesAtStart = (tree: Tree, target: string): readonly StartEntry[] =>
  foundOr(
    () => startEntries(persistFactsAt(tree, target), target),
    () => [],
  )
