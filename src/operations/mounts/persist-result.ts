import { removeLeftovers } from '../../kernel/etc/etc-files.ts'
import { runsSystemd } from '../../kernel/etc/unit-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import { shellLines } from '../../model/etc/file-step.ts'
import type { PagesAtStart } from '../../model/mounts/persist/boot-pages.ts'
import { fstabBackupPath, fstabPath } from '../../model/mounts/persist/fstab.ts'
import type { PersistKind, PersistPlan } from '../../model/mounts/persist/persist-facts.ts'
import { unitPath } from '../../model/mounts/persist/systemd-unit.ts'
import { present } from '../../model/words/present.ts'
import { carryOutFiles } from '../etc/carry-out-files.ts'
import type { Ports } from '../ports.ts'
import type { KeptMounts } from './kept-mounts.ts'

/** What was done in one place, or what a dry run would do there. */
export interface PersistResult {
  readonly kind: PersistKind
  /** The path of /etc/fstab, of the systemd unit or of hugepool's drop-in. */
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
  /** Whether the caller holds hugepool's lock already. Taking it once more would wait for ever. */
  readonly locked?: boolean
  /** What the configuration says; absent where it is not looked at. */
  readonly kept?: KeptMounts
}

const reloadHint = "'systemctl daemon-reload' makes systemd read it"

const reloadHints = (tree: Tree, { kind }: PersistPlan): readonly string[] => {
  if (kind === 'config') return []
  return kind === 'systemd' || runsSystemd(tree) ? [reloadHint] : []
}

/** Makes the result of a plan, whether it is carried out or only planned. */
export const persistResult = (
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

/**
 * The files of /etc that are replaced through a temporary file, which a killed hugepool leaves
 * behind. All units lie in one directory, so that any name stands for them. Links and removals need
 * no temporary file.
 */
const replaced = [fstabPath, fstabBackupPath, unitPath('any.mount')]

/** Carries out plans, all or none. */
export const carryOutPersist = (ports: Ports, plans: readonly PersistPlan[]): void => {
  removeLeftovers(ports.tree, [...replaced, ...plans.map(({ path }) => path)])
  carryOutFiles(
    ports,
    plans.flatMap(({ steps }) => steps),
  )
}
