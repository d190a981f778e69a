import { type HugepoolError, objectionOf, throwAll } from '../../errors.ts'
import { checkFileStep } from '../../kernel/etc/etc-files.ts'
import type { DesiredMount } from '../../model/mounts/desired-mount.ts'
import type {
  PersistFacts,
  PersistKind,
  PersistPlan,
} from '../../model/mounts/persist/persist-facts.ts'
import { persistObjections, planPersist } from '../../model/mounts/persist/persist-plan.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import type { KeptMounts } from './kept-mounts.ts'
import type { LackAtStart } from './lack-at-start.ts'
import { persistFactsAt } from './look-at-etc.ts'
import {
  carryOutPersist,
  type PersistOptions,
  type PersistResult,
  persistResult,
} from './persist-result.ts'

const withLack = (result: PersistResult, lack: LackAtStart | undefined): PersistResult =>
  lack === undefined
    ? result
    : {
        ...result,
        words: [...result.words, lack.words],
        hints: [...result.hints, lack.hint],
        lacking: lack.pages,
      }

/** Plans what the configuration has to say. Its callers look at it wherever it is asked for. */
const keptPlan = (kept: KeptMounts | undefined, desired: DesiredMount): PersistPlan => {
  if (kept !== undefined) return kept.plan(desired)
  throw new Error('a mount is to be kept in a configuration that is not looked at')
}

const planIn = (
  facts: PersistFacts,
  desired: DesiredMount,
  kind: PersistKind,
  kept: KeptMounts | undefined,
): PersistPlan => {
  kept?.refuse(desired.target, kind)
  if (kind !== 'config') return planPersist(facts, desired, kind)
  throwAll(persistObjections(facts, desired, kind))
  return keptPlan(kept, desired)
}

/**
 * Returns, before a mount is made, all that would make `persistMount` fail: E_REFUSED where another
 * fstab line or unit mounts the directory, E_PERMISSION where /etc cannot be written, and
 * E_UNSUPPORTED. A dry run does not check whether the caller may write to /etc.
 */
export const objectionsToPersist = (
  { tree }: Ports,
  desired: DesiredMount,
  kind: PersistKind,
  dryRun = false,
  kept?: KeptMounts,
): readonly HugepoolError[] => {
  const facts = persistFactsAt(tree, desired.target)
  const objections = [
    ...objectionOf(() => kept?.refuse(desired.target, kind)),
    ...persistObjections(facts, desired, kind),
  ]
  if (objections.length > 0) return objections
  return objectionOf(() => {
    const { steps } = planIn(facts, desired, kind, kept)
    throwAll(steps.flatMap((step) => objectionOf(() => checkFileStep(tree, step, dryRun))))
  })
}

/** Throws what `objectionsToPersist` returns. */
export const checkPersist = (
  ports: Ports,
  desired: DesiredMount,
  kind: PersistKind,
  dryRun = false,
): void => throwAll(objectionsToPersist(ports, desired, kind, dryRun))

/**
 * Writes a line in /etc/fstab, a systemd unit or hugepool's drop-in, so that the mount is made at
 * every start. An entry that is right already is left alone. Takes hugepool's lock unless `locked`
 * says that the caller holds it. Throws the errors that `objectionsToPersist` returns.
 */
export const persistMount = async (
  ports: Ports,
  desired: DesiredMount,
  kind: PersistKind,
  { dryRun, wait, locked = false, kept }: PersistOptions,
): Promise<PersistResult> => {
  const lack =
    desired.minSize === undefined
      ? undefined
      : (await import('./lack-at-start.ts')).lackAtStart(ports.tree, desired, kept)
  const act = (): PersistResult => {
    const plan = planIn(persistFactsAt(ports.tree, desired.target), desired, kind, kept)
    const result = withLack(persistResult(ports.tree, plan), lack)
    if (!dryRun) carryOutPersist(ports, [plan])
    return result
  }
  const result = await (dryRun || locked ? act() : withLock(ports, wait, async () => act()))
  const notes = kind === 'config' ? await kept?.notes() : undefined
  return notes === undefined
    ? result
    : {
        ...result,
        words: [...notes.words, ...result.words],
        hints: [...notes.hints, ...result.hints],
      }
}
