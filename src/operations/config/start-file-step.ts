import type { Tree } from '../../kernel/tree.ts'
import {
  isOwnStartText,
  type KeptSetting,
  mergeIntoStartFile,
  ownStartFiles,
  type StartFileKind,
} from '../../model/config/tune/own-start-file.ts'
import { fileLine } from '../../model/etc/file-line.ts'
import type { FileStep } from '../../model/etc/file-step.ts'
import type { Octets } from '../../model/etc/octets.ts'
import { directoryAbove } from '../../model/etc/path-parts.ts'
import { readOwnFile } from './read-own-file.ts'

/** What becomes of one of hugepool's files of a start. */
export interface StartFilePlan {
  readonly kind: StartFileKind
  readonly path: string
  /** What the file says then; absent where there is no file. */
  readonly after?: Octets
  /** Absent where it says that already. */
  readonly step?: FileStep
}

/**
 * Plans what becomes of a file of hugepool's own. Throws E_REFUSED for one that is switched off, or
 * that somebody else wrote: its comments would be lost.
 */
export const startFileStep = (
  tree: Tree,
  kind: StartFileKind,
  kept: readonly KeptSetting[],
): StartFilePlan => {
  const path = ownStartFiles[kind]
  const before = readOwnFile(tree, path, isOwnStartText)
  const after = mergeIntoStartFile(kind, before, kept)
  if (after === undefined)
    return before === undefined
      ? { kind, path }
      : { kind, path, step: { do: 'remove', path, before } }
  if (before !== undefined && after === before) return { kind, path, after }
  const made = before === undefined ? [`mkdir -p ${directoryAbove(path)}`] : []
  const step = { do: 'replace', path, after, shell: [...made, fileLine(path, after)] } as const
  return { kind, path, after, step: before === undefined ? step : { ...step, before } }
}
