import {
  checkStep,
  isThere,
  readEtc,
  removeLeftovers,
  standingAt,
} from '../../kernel/etc/etc-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import { shellLines } from '../../model/etc/file-step.ts'
import type { MountWish } from '../../model/mounts/desired-mount.ts'
import { fstabBackupPath, fstabPath, mentionsOf } from '../../model/mounts/persist/fstab.ts'
import type {
  PersistKind,
  PersistPlan,
  PersistState,
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
export interface Persisted {
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

const nothing = { kind: 'nothing' } as const

/** The first of them goes before the others. A link to /dev/null masks the unit, and counts too. */
const packagedUnit = (tree: Tree, name: string): string | undefined =>
  packagedDirectories
    .map((directory) => `${directory}/${name}`)
    .find((path) => isThere(tree, path, true))

const stateOf = (tree: Tree, target: string): PersistState => {
  const fstab = readEtc(tree, fstabPath)
  const name = unitName(target)
  const systemd = isThere(tree, unitDirectory)
  const packaged = name === undefined ? undefined : packagedUnit(tree, name)
  const at = (pathOf: (unit: string) => string) =>
    name === undefined || !systemd ? nothing : standingAt(tree, pathOf(name))
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
const hintsOf = (tree: Tree, { kind }: PersistPlan): readonly string[] =>
  kind === 'systemd' || isThere(tree, '/run/systemd/system') ? [reloadHint] : []

const resultOf = (tree: Tree, plan: PersistPlan, words: readonly string[] = []): Persisted => {
  const { kind, path, steps } = plan
  const backup = steps.some((step) => step.do === 'replace' && step.backup !== undefined)
  return present({
    kind,
    path,
    outcome: steps.length === 0 ? 'unchanged' : 'done',
    backup: backup ? fstabBackupPath : undefined,
    lines: steps.flatMap(shellLines),
    words,
    hints: steps.length === 0 ? [] : hintsOf(tree, plan),
  })
}

/** Every file that is ever replaced; links and what is removed need nothing in the making. */
const replaced = [fstabPath, fstabBackupPath, unitPath('any.mount')]

const carryOut = (ports: Ports, plans: readonly PersistPlan[]): void => {
  removeLeftovers(ports.tree, replaced)
  carryOutFiles(
    ports,
    plans.flatMap(({ steps }) => steps),
  )
}

const persistPlan = ({ tree }: Ports, wish: MountWish, kind: PersistKind): PersistPlan =>
  planPersist(stateOf(tree, wish.target), wish, kind)

/**
 * What would keep `persistMount` from doing its work, before a mount is made: throws E_REFUSED where
 * others see to the directory, E_PERMISSION where /etc cannot be written, E_UNSUPPORTED. A dry run
 * does not ask whether the caller may write there.
 */
export const checkPersist = (
  ports: Ports,
  wish: MountWish,
  kind: PersistKind,
  dryRun = false,
): void => {
  for (const step of persistPlan(ports, wish, kind).steps) checkStep(ports.tree, step, dryRun)
}

/**
 * Has a mount made at every start, by a line in /etc/fstab or by a systemd unit. What is so already
 * is left alone. Takes the lock of hugepool, unless it is said to be held. Throws as `checkPersist`
 * does.
 */
export const persistMount = async (
  ports: Ports,
  wish: MountWish,
  kind: PersistKind,
  { dryRun, wait, locked = false }: PersistOptions,
): Promise<Persisted> => {
  const act = (): Persisted => {
    const plan = persistPlan(ports, wish, kind)
    const result = resultOf(ports.tree, plan)
    if (!dryRun) carryOut(ports, [plan])
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
  planUnpersist(stateOf(tree, target), target).length > 0

/** What would keep `unpersistMount` from doing its work, before anything is unmounted. */
export const checkUnpersist = (ports: Ports, target: string, dryRun = false): void => {
  const plans = planUnpersist(stateOf(ports.tree, target), target)
  for (const step of plans.flatMap(({ steps }) => steps)) checkStep(ports.tree, step, dryRun)
}

/**
 * Removes what hugepool wrote for a directory: one result for each place where there was something,
 * none where it wrote nothing. Throws E_REFUSED where only others see to the directory.
 */
export const unpersistMount = async (
  ports: Ports,
  target: string,
  { dryRun, wait, locked = false }: PersistOptions,
): Promise<readonly Persisted[]> => {
  const act = (): readonly Persisted[] => {
    const { tree } = ports
    const plans = planUnpersist(stateOf(tree, target), target)
    const results = plans.map((plan) => resultOf(tree, plan, stayingWords(tree, target)))
    if (!dryRun) carryOut(ports, plans)
    return results
  }
  return dryRun || locked ? act() : withLock(ports, wait, async () => act())
}
