import type { HugepoolError } from '../../errors.ts'
import { findInit } from '../../kernel/config/init-system.ts'
import { checkFileStep, removeLeftovers } from '../../kernel/etc/etc-files.ts'
import type { ConfigPosition, ConfiguredPool } from '../../model/config/configuration.ts'
import {
  type LastingKey,
  type LastingPool,
  lastingKeys,
  lastingPools,
} from '../../model/config/lasting-pools.ts'
import { overriding } from '../../model/config/overriding.ts'
import { ownDropIn } from '../../model/config/own-drop-in.ts'
import type { ServiceState } from '../../model/config/service/service-state.ts'
import { isAdverse } from '../../model/config/writers/judge-writers.ts'
import type { Writer } from '../../model/config/writers/writer.ts'
import { type FileStep, shellLines } from '../../model/etc/file-step.ts'
import type { Machine } from '../../model/pools/machine.ts'
import type { PoolPlan } from '../../model/pools/pool-plan.ts'
import { present } from '../../model/words/present.ts'
import { carryOutFiles, stepsDenied } from '../etc/carry-out-files.ts'
import type { Ports } from '../ports.ts'
import { dropInStep } from './drop-in-step.ts'
import { findWriters } from './find-writers.ts'
import { lookAtService } from './look-at-service.ts'
import { readConfiguration } from './read-configuration.ts'

/** What a configuration says from now on, or would say after the real run. */
export interface PersistedPools {
  readonly path: string
  readonly outcome: 'done' | 'unchanged'
  readonly keys: readonly LastingKey[]
  /** Shell commands that write the same, one a line. */
  readonly lines: readonly string[]
  /** The positions in other files that say something else, and override this file. */
  readonly overriddenBy: readonly ConfigPosition[]
  /** Why the file does not count on this machine. */
  readonly skipped?: string
  /** What applies the configuration at a start; absent where no init is known. */
  readonly service?: ServiceState
  /** What else sets the same at a start, to other values and later than the configuration does. */
  readonly writers: readonly Writer[]
}

/** A change of the drop-in, which is checked before the pools are changed. */
export interface LastingPlan {
  readonly step?: FileStep
  readonly keys: readonly LastingKey[]
  readonly pools: readonly LastingPool[]
  readonly overriddenBy: readonly ConfigPosition[]
  readonly skipped?: string
}

/**
 * Plans what is written for a plan of pools. Throws the error that would keep it from being
 * written, and E_CONFIG where the configuration of this machine cannot be read, because none of it
 * would be applied at a start.
 */
export const planLasting = (
  { tree }: Ports,
  plan: PoolPlan,
  machine: Machine,
  dryRun: boolean,
): LastingPlan => {
  const configuration = readConfiguration({ tree }, { from: 'machine' })
  const pools = lastingPools(
    machine,
    plan.settings,
    (size) => configuration.pools.find((pool) => pool.size === size)?.pages,
  )
  const step = pools.length === 0 ? undefined : dropInStep(tree, { pools })
  if (step !== undefined) checkFileStep(tree, step, dryRun)
  const keys = lastingKeys(pools)
  return present({
    step,
    keys,
    pools,
    overriddenBy: overriding(
      configuration,
      keys.map(({ key }) => key),
    ),
    skipped: configuration.skipped.find(({ file }) => file === ownDropIn)?.why,
  })
}

/** Makes of the pools what a configuration has, with which writers are compared. */
const asConfigured = (pools: readonly LastingPool[]): readonly ConfiguredPool[] =>
  pools.map((pool) => ({ ...pool, essential: true, optional: false, boot: false }))

/** Finds what would override the configuration once the service applies it. */
const adverseTo = async (
  ports: Ports,
  pools: readonly LastingPool[],
): Promise<readonly Writer[]> => {
  const configured = { pools: asConfigured(pools), tune: {} }
  const { writers } = await findWriters(ports, configured, { applied: true })
  return writers.filter(isAdverse)
}

export const persistedBy = async (ports: Ports, lasting: LastingPlan): Promise<PersistedPools> => {
  const { step, keys, pools, overriddenBy, skipped } = lasting
  const init = findInit(ports.tree)
  return present({
    path: ownDropIn,
    outcome: step === undefined ? 'unchanged' : 'done',
    keys,
    lines: step === undefined ? [] : shellLines(step),
    overriddenBy,
    skipped,
    service: init && (await lookAtService(ports, init)),
    writers: await adverseTo(ports, pools),
  })
}

/**
 * Writes the file, after unfinished ones beside it are removed, which go also where it says all
 * already. Throws the errors of `checkFileStep`.
 */
export const writeLasting = (ports: Ports, { step }: LastingPlan): void => {
  removeLeftovers(ports.tree, [ownDropIn])
  carryOutFiles(ports, step === undefined ? [] : [step])
}

/** Returns the error that a real run would end with for want of a right. */
export const lastingDenied = ({ tree }: Ports, { step }: LastingPlan): HugepoolError | undefined =>
  step && stepsDenied(tree, [step])
