import type { StopSignal } from '../../../errors.ts'
import { withMountinfo } from '../../../kernel/mounts/mountinfo.ts'
import { readPools } from '../../../kernel/pools/pools.ts'
import { removeFiles } from '../../../kernel/processes/files/directory-cleaner.ts'
import { readKeptWords } from '../../../kernel/processes/files/kept-words.ts'
import { restoreNames } from '../../../kernel/processes/files/restore-names.ts'
import { listIfPresent } from '../../../kernel/read-attribute.ts'
import {
  type ChosenFile,
  type CleanRequest,
  isNamedBy,
  type KeptReason,
  reasonToKeep,
} from '../../../model/processes/files/clean-choice.ts'
import type { Removal } from '../../../model/processes/files/removal.ts'
import { pathBefore, type RestoredName } from '../../../model/processes/files/restored-name.ts'
import { type ReturnedToPools, returnedSum } from '../../../model/processes/files/returned-words.ts'
import { usersByFile } from '../../../model/processes/files/users-of-file.ts'
import { seesAll } from '../../../model/processes/who/found-pages.ts'
import { present } from '../../../model/words/present.ts'
import type { Ports } from '../../ports.ts'
import { withLock } from '../../with-lock.ts'
import { accountForPages } from '../account-for-pages.ts'
import { type FilesRequest, type FilesResult, listFiles } from './list-files.ts'

export interface CleanPlan extends FilesResult {
  readonly chosen: readonly ChosenFile[]
  /** The words of --keep that name none of the files. */
  readonly idle: readonly string[]
}

export interface CleanResult extends CleanPlan {
  readonly removals: readonly Removal[]
  /**
   * The files that a killed program had set aside, and that get their names back because they stay.
   */
  readonly restored: readonly RestoredName[]
  readonly returned: ReturnedToPools
  readonly signal?: StopSignal
}

/** Decides which files are to be removed. */
export const planClean = (ports: Ports, request: FilesRequest & CleanRequest): CleanPlan => {
  const listed = listFiles(ports, request)
  const running = new Set(listIfPresent(ports.tree, '/proc'))
  const keep = readKeptWords(request.keep)
  const facts = { now: ports.now(), isRunning: (pid: number) => running.has(`${pid}`), keep }
  const chosen = listed.files.map(
    (file): ChosenFile => present({ file, kept: reasonToKeep(file, request, facts) }),
  )
  const idle = keep.filter((word) => !listed.files.some((file) => isNamedBy(file, word)))
  return { ...listed, chosen, idle: idle.map(({ word }) => word) }
}

/** Returns the files that a plan removes. */
export const removable = ({ chosen }: CleanPlan) =>
  chosen.filter(({ kept }) => kept === undefined).map(({ file }) => file)

/**
 * Whether a file gets its name back: one that somebody has, or that is to stay, is looked for by
 * it.
 */
const getsNameBack = (kept: KeptReason | undefined): boolean => kept === 'used' || kept === 'kept'

/** Returns the files that get back the names that they had before they were set aside. */
export const restorable = ({ chosen }: CleanPlan) =>
  chosen
    .filter(({ kept }) => getsNameBack(kept))
    .map(({ file }) => file)
    .filter((file) => file.reach !== '' && !file.isNoText && pathBefore(file) !== undefined)

/**
 * Removes the files of a plan that nobody has, and reads from the pools how many pages came back. A
 * file that changed since the look is left alone.
 */
export const carryOutClean = (ports: Ports, plan: CleanPlan): Promise<CleanResult> =>
  withLock(ports, true, async () => {
    const tree = withMountinfo(ports.tree)
    const signals = ports.watchSignals()
    const before = readPools(tree, false).pools
    const seen = () => {
      const { found } = accountForPages(
        { ...ports, tree },
        { sizes: [], everything: true, attach: false },
      )
      return seesAll(found) ? new Set(usersByFile(found).keys()) : undefined
    }
    const calls = {
      native: ports.native(),
      lookAgain: seen,
      isStopped: () => signals.pending() !== undefined,
      did: (path: string, words: string) => ports.did?.(path, words),
    }
    const restored = restoreNames(calls, restorable(plan))
    const removals = removeFiles(calls, removable(plan))
    const returned = returnedSum(before, readPools(tree, false).pools)
    return present({ ...plan, removals, restored, returned, signal: signals.pending() })
  })
