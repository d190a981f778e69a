import { objectionOf } from '../../errors.ts'
import { checkFileStep } from '../../kernel/etc/etc-files.ts'
import { fstabPath, mentionsOf, mentionWords } from '../../model/mounts/persist/fstab.ts'
import type { PersistFacts, PersistPlan } from '../../model/mounts/persist/persist-facts.ts'
import { planUnpersist } from '../../model/mounts/persist/persist-plan.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import type { KeptMounts } from './kept-mounts.ts'
import { persistFactsAt } from './look-at-etc.ts'
import {
  carryOutPersist,
  type PersistOptions,
  type PersistResult,
  persistResult,
} from './persist-result.ts'

/** Names the fstab lines of others, which stay and mount the directory at the next start. */
const stayingWords = ({ fstab, names }: PersistFacts, target: string): readonly string[] =>
  mentionsOf(fstab ?? '', target, names)
    .filter(({ own }) => !own)
    .map((line) => `${fstabPath}: line ${mentionWords(line)} mounts ${target} too, and stays`)

/**
 * Plans the removal of what hugepool wrote for a directory. What others wrote is an obstacle only
 * where the configuration has nothing that can be removed.
 */
const removalPlans = (
  facts: PersistFacts,
  target: string,
  kept: KeptMounts | undefined,
): readonly PersistPlan[] => {
  const inConfig = kept?.removal(target) ?? []
  if (inConfig.length === 0) return planUnpersist(facts, target)
  const others = objectionOf(() => planUnpersist(facts, target))
  return others.length > 0 ? inConfig : [...planUnpersist(facts, target), ...inConfig]
}

/** Whether hugepool wrote an entry for a directory. Throws the same errors as `unpersistMount`. */
export const isPersisted = ({ tree }: Ports, target: string, kept?: KeptMounts): boolean =>
  removalPlans(persistFactsAt(tree, target), target, kept).length > 0

/** Throws, before anything is unmounted, the errors with which `unpersistMount` would fail. */
export const checkUnpersist = (
  ports: Ports,
  target: string,
  dryRun = false,
  kept?: KeptMounts,
): void => {
  const plans = removalPlans(persistFactsAt(ports.tree, target), target, kept)
  for (const step of plans.flatMap(({ steps }) => steps)) checkFileStep(ports.tree, step, dryRun)
}

/**
 * Removes what hugepool wrote for a directory. Returns one result for each place that had an entry,
 * and none where hugepool wrote nothing. Throws E_REFUSED where all entries are somebody else's.
 */
export const unpersistMount = async (
  ports: Ports,
  target: string,
  { dryRun, wait, locked = false, kept }: PersistOptions,
): Promise<readonly PersistResult[]> => {
  const act = (): readonly PersistResult[] => {
    const { tree } = ports
    const facts = persistFactsAt(tree, target)
    const plans = removalPlans(facts, target, kept)
    const words = stayingWords(facts, target)
    const results = plans.map((plan) => persistResult(tree, plan, words))
    if (!dryRun) carryOutPersist(ports, plans)
    return results
  }
  return dryRun || locked ? act() : withLock(ports, wait, async () => act())
}
