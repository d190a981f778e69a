import {
  checkFileStep,
  etcEntryAt,
  isThere,
  readEtc,
  removeLeftovers,
} from '../../kernel/etc/etc-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import { shellLines } from '../../model/etc/file-step.ts'
import type { DesiredMount } from '../../model/mounts/desired-mount.ts'
import { fstabBackupPath, fstabPath, mentionsOf } from '../../model/mounts/persist/fstab.ts'
import type {
  PersistFacts,
  PersistKind,
  PersistPlan,
} from '../../model/mounts/persist/persist-facts.ts'
import { planPersist, planUnpersist } from '../../model/mounts/persist/persist-plan.ts'
import {
  packagedDirectories,
  unitDirectory,
  unitName,
  unitPath,
  wantsPath,
} from '../../model/mounts/persist/systemd-unit.ts'
import { present } from '../../model/words/present.ts'
import { carryOutFiles } from '../etc/carry-out-files.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'

/** What was done in one place, or would be. */
export interface PersistResult {
  readonly kind: PersistKind
  /** /etc/fstab, or the unit. */
  readonly path: string
  readonly outcome: 'done' | 'unchanged'
  /** Where the fstab as it was is kept. */
  readonly backup?: string
  /** The lines for a shell that do the same; none where there is nothing to do. */
  readonly lines: readonly string[]
  readonly words: readonly string[]
  readonly hints: readonly string[]
}

export interface PersistOptions {
  readonly dryRun: boolean
  readonly wait: boolean
  /** The caller holds the lock of hugepool already: taken once more, it would wait for itself. */
  readonly locked?: boolean
}

const noEntry = { kind: 'nothing' } as const

/** The first of them goes before the others. A link to /dev/null masks the unit, and counts too. */
const packagedUnit = (tree: Tree, name: string): string | undefined =>
  packagedDirectories
    .map((directory) => `${directory}/${name}`)
    .find((path) => isThere(tree, path, true))

const factsAt = (tree: Tree, target: string): PersistFacts => {
  const fstab = readEtc(tree, fstabPath)
  const name = unitName(target)
  const systemd = isThere(tree, unitDirectory)
  const packaged = name === undefined ? undefined : packagedUnit(tree, name)
  const at = (pathOf: (unit: string) => string) =>
    name === undefined || !systemd ? noEntry : etcEntryAt(tree, pathOf(name))
  return present({
    fstab,
    unit: at(unitPath),
    wants: at(wantsPath),
    packaged,
    systemd,
  })
}

const reloadHint = "'systemctl daemon-reload' makes systemd read it"

/** As sd_booted(3) knows that systemd runs. */
const reloadHints = (tree: Tree, { kind }: PersistPlan): readonly string[] =>
  kind === 'systemd' || isThere(tree, '/run/systemd/system') ? [reloadHint] : []

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

/** Every file that is ever replaced; links and what is removed need nothing in the making. */
const replaced = [fstabPath, fstabBackupPath, unitPath('any.mount')]

const carryOutPersist = (ports: Ports, plans: readonly PersistPlan[]): void => {
  removeLeftovers(ports.tree, replaced)
  carryOutFiles(
    ports,
    plans.flatMap(({ steps }) => steps),
  )
}

const persistPlan = ({ tree }: Ports, desired: DesiredMount, kind: PersistKind): PersistPlan =>
  planPersist(factsAt(tree, desired.target), desired, kind)

/**
 * What would keep `persistMount` from doing its work, before a mount is made: throws E_REFUSED where
 * others see to the directory, E_PERMISSION where /etc cannot be written, E_UNSUPPORTED. A dry run
 * does not ask whether the caller may write there.
 */
export const checkPersist = (
  ports: Ports,
  desired: DesiredMount,
  kind: PersistKind,
  dryRun = false,
): void => {
  for (const step of persistPlan(ports, desired, kind).steps)
    checkFileStep(ports.tree, step, dryRun)
}

/**
 * Has a mount made at every start, by a line in /etc/fstab or by a systemd unit. What is so already
 * is left alone. Takes the lock of hugepool, unless it is said to be held. Throws as `checkPersist`
 * does.
 */
export const persistMount = async (
  ports: Ports,
  desired: DesiredMount,
  kind: PersistKind,
  { dryRun, wait, locked = false }: PersistOptions,
): Promise<PersistResult> => {
  const act = (): PersistResult => {
    const plan = persistPlan(ports, desired, kind)
    const result = persistResult(ports.tree, plan)
    if (!dryRun) carryOutPersist(ports, [plan])
    return result
  }
  return dryRun || locked ? act() : withLock(ports, wait, async () => act())
}

/** Lines of others stay, and mount the directory at the next start. */
const stayingWords = (tree: Tree, target: string): readonly string[] =>
  mentionsOf(readEtc(tree, fstabPath) ?? '', target)
    .filter(({ own }) => !own)
    .map(({ number }) => `${fstabPath}: line ${number} mounts ${target} too, and stays`)

/** Whether hugepool wrote something for a directory. Throws as `unpersistMount` does. */
export const isPersisted = ({ tree }: Ports, target: string): boolean =>
  planUnpersist(factsAt(tree, target), target).length > 0

/** What would keep `unpersistMount` from doing its work, before anything is unmounted. */
export const checkUnpersist = (ports: Ports, target: string, dryRun = false): void => {
  const plans = planUnpersist(factsAt(ports.tree, target), target)
  for (const step of plans.flatMap(({ steps }) => steps)) checkFileStep(ports.tree, step, dryRun)
}

/**
 * Removes what hugepool wrote for a directory: one result for each place where there was something,
 * none where it wrote nothing. Throws E_REFUSED where only others see to the directory.
 */
export const unpersistMount = async (
  ports: Ports,
  target: string,
  { dryRun, wait, locked = false }: PersistOptions,
): Promise<readonly PersistResult[]> => {
  const act = (): readonly PersistResult[] => {
    const { tree } = ports
    const plans = planUnpersist(factsAt(tree, target), target)
    const results = plans.map((plan) => persistResult(tree, plan, stayingWords(tree, target)))
    if (!dryRun) carryOutPersist(ports, plans)
    return results
  }
  return dryRun || locked ? act() : withLock(ports, wait, async () => act())
}
