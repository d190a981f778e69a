import { type HugepoolError, objectionOf, throwAll } from '../../errors.ts'
import { checkFileStep, removeLeftovers } from '../../kernel/etc/etc-files.ts'
import { runsSystemd } from '../../kernel/etc/unit-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import { shellLines } from '../../model/etc/file-step.ts'
import type { DesiredMount } from '../../model/mounts/desired-mount.ts'
import type { PagesAtStart } from '../../model/mounts/persist/boot-pages.ts'
import {
  fstabBackupPath,
  fstabPath,
  mentionsOf,
  mentionWords,
} from '../../model/mounts/persist/fstab.ts'
import type {
  PersistFacts,
  PersistKind,
  PersistPlan,
} from '../../model/mounts/persist/persist-facts.ts'
import {
  persistObjections,
  planPersist,
  planUnpersist,
} from '../../model/mounts/persist/persist-plan.ts'
import { unitPath } from '../../model/mounts/persist/systemd-unit.ts'
import { present } from '../../model/words/present.ts'
import { carryOutFiles } from '../etc/carry-out-files.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import type { LackAtStart } from './look-at-boot.ts'
import { persistFactsAt } from './look-at-etc.ts'

/** What was done in one place, or what a dry run would do there. */
export interface PersistResult {
  readonly kind: PersistKind
  /** The path of /etc/fstab or of the systemd unit. */
  readonly path: string
  readonly outcome: 'done' | 'unchanged'
  /** The path of the copy of the previous fstab. */
  readonly backup?: string
  /** Shell commands that do the same, one a line. Empty where there is nothing to do. */
  readonly lines: readonly string[]
  readonly words: readonly string[]
  readonly hints: readonly string[]
  /** Pages of a minimum size that nothing provides at a start; absent where all are provided. */
  readonly lacking?: PagesAtStart
}

export interface PersistOptions {
  readonly dryRun: boolean
  readonly wait: boolean
  /** The caller holds hugepool's lock already. Taking it once more would wait for ever. */
  readonly locked?: boolean
}

const reloadHint = "'systemctl daemon-reload' makes systemd read it"

const reloadHints = (tree: Tree, { kind }: PersistPlan): readonly string[] =>
  kind === 'systemd' || runsSystemd(tree) ? [reloadHint] : []

const persistResult = (
  tree: Tree,
  plan: PersistPlan,
  words: readonly string[] = [],
): PersistResult => {
  const { kind, path, steps } = plan
  const backup = steps.some((step) => step.do === 'replace' && step.backup !== undefined)
  return present({
    kind,
    path,
    outcome: steps.length === 0 ? 'unchanged' : 'done',
    backup: backup ? fstabBackupPath : undefined,
    lines: steps.flatMap(shellLines),
    words,
    hints: steps.length === 0 ? [] : reloadHints(tree, plan),
  })
}

const withLack = (result: PersistResult, lack: LackAtStart | undefined): PersistResult =>
  lack === undefined
    ? result
    : {
        ...result,
        words: [...result.words, lack.words],
        hints: [...result.hints, lack.hint],
        lacking: lack.pages,
      }

/**
 * The files that are replaced through a temporary file, which a killed hugepool leaves behind. All
 * units lie in one directory, so that any name stands for them. Links and removals need no
 * temporary file.
 */
const replaced = [fstabPath, fstabBackupPath, unitPath('any.mount')]

const carryOutPersist = (ports: Ports, plans: readonly PersistPlan[]): void => {
  removeLeftovers(ports.tree, replaced)
  carryOutFiles(
    ports,
    plans.flatMap(({ steps }) => steps),
  )
}

const persistPlan = ({ tree }: Ports, desired: DesiredMount, kind: PersistKind): PersistPlan =>
  planPersist(persistFactsAt(tree, desired.target), desired, kind)

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
): readonly HugepoolError[] => {
  const facts = persistFactsAt(tree, desired.target)
  const objections = persistObjections(facts, desired, kind)
  if (objections.length > 0) return objections
  return planPersist(facts, desired, kind).steps.flatMap((step) =>
    objectionOf(() => checkFileStep(tree, step, dryRun)),
  )
}

/** Throws what `objectionsToPersist` returns. */
export const checkPersist = (
  ports: Ports,
  desired: DesiredMount,
  kind: PersistKind,
  dryRun = false,
): void => throwAll(objectionsToPersist(ports, desired, kind, dryRun))

/**
 * Writes a line in /etc/fstab or a systemd unit, so that the mount is made at every start. An entry
 * that is right already is left alone. Takes hugepool's lock unless `locked` says that the caller
 * holds it. Throws the same errors as `checkPersist`.
 */
export const persistMount = async (
  ports: Ports,
  desired: DesiredMount,
  kind: PersistKind,
  { dryRun, wait, locked = false }: PersistOptions,
): Promise<PersistResult> => {
  const lack =
    desired.minSize === undefined
      ? undefined
      : (await import('./look-at-boot.ts')).lackAtStart(ports.tree, desired)
  const act = (): PersistResult => {
    const plan = persistPlan(ports, desired, kind)
    const result = withLack(persistResult(ports.tree, plan), lack)
    if (!dryRun) carryOutPersist(ports, [plan])
    return result
  }
  return dryRun || locked ? act() : withLock(ports, wait, async () => act())
}

/** Names the fstab lines of others, which stay and mount the directory at the next start. */
const stayingWords = ({ fstab, names }: PersistFacts, target: string): readonly string[] =>
  mentionsOf(fstab ?? '', target, names)
    .filter(({ own }) => !own)
    .map((line) => `${fstabPath}: line ${mentionWords(line)} mounts ${target} too, and stays`)

/** Whether hugepool wrote an entry for a directory. Throws the same errors as `unpersistMount`. */
export const isPersisted = ({ tree }: Ports, target: string): boolean =>
  planUnpersist(persistFactsAt(tree, target), target).length > 0

/** Checks, before anything is unmounted, whether `unpersistMount` would fail. Throws its errors. */
export const checkUnpersist = (ports: Ports, target: string, dryRun = false): void => {
  const plans = planUnpersist(persistFactsAt(ports.tree, target), target)
  for (const step of plans.flatMap(({ steps }) => steps)) checkFileStep(ports.tree, step, dryRun)
}

/**
 * Removes what hugepool wrote for a directory. Returns one result for each place that had an entry,
 * and none where hugepool wrote nothing. Throws E_REFUSED where all entries are somebody else's.
 */
export const unpersistMount = async (
  ports: Ports,
  target: string,
  { dryRun, wait, locked = false }: PersistOptions,
): Promise<readonly PersistResult[]> => {
  const act = (): readonly PersistResult[] => {
    const { tree } = ports
    const facts = persistFactsAt(tree, target)
    const plans = planUnpersist(facts, target)
    const words = stayingWords(facts, target)
    const results = plans.map((plan) => persistResult(tree, plan, words))
    if (!dryRun) carryOutPersist(ports, plans)
    return results
  }
  return dryRun || locked ? act() : withLock(ports, wait, async () => act())
}
