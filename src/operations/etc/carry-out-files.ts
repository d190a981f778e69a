import { foundIfAny, HugepoolError, objectionOf } from '../../errors.ts'
import {
  carryOutFileStep,
  checkFileStep,
  etcEntryAt,
  isThere,
  possessionOf,
  readEtc,
  removeBackup,
} from '../../kernel/etc/etc-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import { type FileStep, inverse } from '../../model/etc/file-step.ts'
import type { Octets } from '../../model/etc/octets.ts'
import type { Ports } from '../ports.ts'

/** Returns the error that a real run would end with for want of a right to carry out steps. */
export const stepsDenied = (tree: Tree, steps: readonly FileStep[]): HugepoolError | undefined =>
  steps.flatMap((step) => objectionOf(() => checkFileStep(tree, step, false)))[0]

const doneWords = ({ do: kind, path }: FileStep): string =>
  `${path} ${kind === 'replace' || kind === 'link' ? 'written' : 'removed'}`

/** A step, and the one that undoes it. */
interface TwoWays {
  readonly step: FileStep
  readonly back: FileStep
}

const putBack = ({ tree, note, undid }: Ports, done: readonly TwoWays[]): void => {
  for (const { step, back } of done.toReversed())
    try {
      carryOutFileStep(tree, back)
      undid?.(step.path)
    } catch (error) {
      if (!(error instanceof HugepoolError)) throw error
      note(`${step.path} is not as it was before: ${error.message}`)
    }
}

/**
 * Whether a step that failed did its work nevertheless. What cannot be seen may have been done, but
 * where something else than a file is, no step wrote it.
 */
const isDone = ({ tree }: Ports, step: FileStep): boolean => {
  try {
    if (step.do === 'replace') return readEtc(tree, step.path) === step.after
    const entry = etcEntryAt(tree, step.path)
    return step.do === 'link'
      ? entry.kind === 'link' && entry.to === step.to
      : entry.kind === 'nothing'
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    return error.reason !== 'wrong-file'
  }
}

/**
 * Takes back a step that failed. It may have failed after the change, when the change was synced to
 * the disk. A failed link step is left alone, because the link may be somebody else's.
 */
const putBackFailed = (ports: Ports, { step, back }: TwoWays): void => {
  if (step.do === 'link') return
  try {
    carryOutFileStep(ports.tree, back)
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    if (!isDone(ports, step)) return
    ports.note(`${step.path} is not as it was before: ${error.message}`)
    ports.did?.(step.path, doneWords(step))
  }
}

/** The step that undoes one that was not carried out yet. */
const backOf = ({ tree }: Ports, step: FileStep): FileStep =>
  inverse(step, step.do === 'remove' ? possessionOf(tree, step.path) : undefined)

/** The backup that a step makes where none was before. */
const newBackup = ({ tree }: Ports, step: FileStep): readonly string[] =>
  step.do === 'replace' && step.backup !== undefined && !isThere(tree, step.backup, true)
    ? [step.backup]
    : []

/** What the backup of a step holds, where that can be read. */
const backupOf = ({ tree }: Ports, step: FileStep): Octets | undefined => {
  const backup = step.do === 'replace' ? step.backup : undefined
  return backup === undefined ? undefined : foundIfAny(() => readEtc(tree, backup))
}

/** Tells of the backup of a step that failed, where that is not as it was before. */
const tellBackup = (ports: Ports, step: FileStep, old: Octets | undefined): void => {
  if (step.do !== 'replace' || step.backup === undefined) return
  if (backupOf(ports, step) === old) return
  ports.note(`${step.backup} is written, with what ${step.path} held`)
  ports.did?.(step.backup, `${step.backup} written`)
}

/** Removes the backups of files that are as they were before. */
const removeBackups = ({ tree, note, undid }: Ports, backups: readonly string[]): void => {
  for (const backup of backups)
    try {
      removeBackup(tree, backup)
      undid?.(backup)
    } catch (error) {
      if (!(error instanceof HugepoolError)) throw error
      note(`${backup} is left: ${error.message}`)
    }
}

/** Takes back the steps that were carried out, and the one that failed. */
const takeBack = (ports: Ports, done: readonly TwoWays[], failed: TwoWays): void => {
  putBackFailed(ports, failed)
  putBack(ports, done)
}

/** Carries out a step and notes it as done. */
export const carryOutNoted = ({ tree, did }: Ports, step: FileStep): void => {
  carryOutFileStep(tree, step)
  did?.(step.path, doneWords(step))
  if (step.do === 'replace' && step.backup !== undefined)
    did?.(step.backup, `${step.backup} written`)
}

/** Carries out a step, and notes it as done also where it failed after the change. */
export const carryOutTold = (ports: Ports, step: FileStep): void => {
  try {
    carryOutNoted(ports, step)
  } catch (error) {
    if (isDone(ports, step)) ports.did?.(step.path, doneWords(step))
    throw error
  }
}

/**
 * Carries out all steps or none. All steps are checked before the first one is carried out. When a
 * step fails, the steps before it are taken back, and the error of the failed step is thrown.
 */
export const carryOutFiles = (ports: Ports, steps: readonly FileStep[]): void => {
  for (const step of steps) checkFileStep(ports.tree, step, false)
  if (steps.length > 0) ports.watchSignals()
  const backups = steps.flatMap((step) => newBackup(ports, step))
  const old = steps.map((step) => backupOf(ports, step))
  const ways = steps.map((step) => ({ step, back: backOf(ports, step) }))
  for (const [index, way] of ways.entries()) {
    const { step } = way
    try {
      carryOutNoted(ports, step)
    } catch (error) {
      takeBack(ports, ways.slice(0, index), way)
      if (!isDone(ports, step)) removeBackups(ports, backups)
      tellBackup(ports, step, old[index])
      throw error
    }
  }
}
