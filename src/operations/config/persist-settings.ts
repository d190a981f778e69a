import type { HugepoolError } from '../../errors.ts'
import { findInit } from '../../kernel/config/init-system.ts'
import { checkFileStep, removeLeftovers } from '../../kernel/etc/etc-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import {
  type OverriddenSetting,
  overriddenSettings,
} from '../../model/config/tune/overridden-setting.ts'
import { type KeptSetting, startFileKind } from '../../model/config/tune/own-start-file.ts'
import { type FileStep, shellLines } from '../../model/etc/file-step.ts'
import { textOf } from '../../model/etc/octets.ts'
import { carryOutFiles, stepsDenied } from '../etc/carry-out-files.ts'
import type { Ports } from '../ports.ts'
import { lookAtStartFiles } from './look-at-start-files.ts'
import { type StartFilePlan, startFileStep } from './start-file-step.ts'

/** A file of hugepool's own, and what came of it. */
export interface KeptFile {
  readonly path: string
  readonly outcome: 'done' | 'unchanged'
  /** The settings of the call that it keeps, or keeps no longer. */
  readonly settings: readonly KeptSetting[]
}

/** What the files of a start say from now on, or would say after the real run. */
export interface StartFilesSaid {
  readonly files: readonly KeptFile[]
  /** Shell commands that write the same, one a line. */
  readonly lines: readonly string[]
  /** The settings to which other files give another value, which is the one that counts. */
  readonly overriddenBy: readonly OverriddenSetting[]
  /** Whether systemd starts this machine: only then are the files read at a start. */
  readonly isRead: boolean
}

/** Changes of files, which are checked before anything is changed. */
export interface KeptPlan {
  readonly kept: readonly KeptSetting[]
  readonly files: readonly StartFilePlan[]
}

const stepsOf = ({ files }: KeptPlan): readonly FileStep[] =>
  files.flatMap(({ step }) => step ?? [])

/** Plans what is written. Throws the error that would keep it from being written. */
export const planKept = (tree: Tree, kept: readonly KeptSetting[], dryRun: boolean): KeptPlan => {
  const kinds = [...new Set(kept.map(({ setting }) => startFileKind(setting)))]
  const plan = { kept, files: kinds.map((kind) => startFileStep(tree, kind, kept)) }
  for (const step of stepsOf(plan)) checkFileStep(tree, step, dryRun)
  return plan
}

/** Returns the error that a real run would end with for want of a right. */
export const keptDenied = (tree: Tree, plan: KeptPlan): HugepoolError | undefined =>
  stepsDenied(tree, stepsOf(plan))

/**
 * Writes the files: all of them, or none. Unfinished ones beside them go also where nothing is
 * written.
 */
export const writeKept = (ports: Ports, plan: KeptPlan): void => {
  removeLeftovers(
    ports.tree,
    plan.files.map(({ path }) => path),
  )
  carryOutFiles(ports, stepsOf(plan))
}

/** Says what the files come to, along with what other files set. */
export const startFilesSay = (tree: Tree, { kept, files }: KeptPlan): StartFilesSaid => {
  const planned = new Map(files.map(({ path, after }) => [path, after && textOf(after)]))
  const settings = kept.map(({ setting }) => setting)
  return {
    files: files.map(({ kind, path, step }) => ({
      path,
      outcome: step === undefined ? 'unchanged' : 'done',
      settings: kept.filter(({ setting }) => startFileKind(setting) === kind),
    })),
    lines: files.flatMap(({ step }) => (step === undefined ? [] : shellLines(step))),
    overriddenBy: overriddenSettings(kept, lookAtStartFiles(tree, settings, planned)),
    isRead: findInit(tree) === 'systemd',
  }
}
