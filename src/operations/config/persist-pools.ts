import { HugepoolError } from '../../errors.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { ownDropIn } from '../../model/config/own-drop-in.ts'
import type { Machine } from '../../model/pools/machine.ts'
import type { PoolPlan } from '../../model/pools/pool-plan.ts'
import { present } from '../../model/words/present.ts'
import type { ChangeResult } from '../pools/change-result.ts'
import {
  type ChangeDryRun,
  type ChangeOptions,
  changeNow,
  changePools,
  type PoolChanger,
  type PoolPlanner,
} from '../pools/plan-and-change.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import {
  type LastingPlan,
  lastingDenied,
  type PersistedPools,
  persistedBy,
  planLasting,
  writeLasting,
} from './plan-lasting.ts'

/** Whether the pools are changed now and at every start, or the configuration alone. */
export type PersistWhen = 'now' | 'only'

/** Makes the result of a call that changes the configuration alone. */
const unchangedResult = (machine: Machine, { notes, leftOut = [] }: PoolPlan): ChangeResult => ({
  kind: 'changed',
  outcome: 'unchanged',
  changes: [],
  heldSizes: [],
  restored: false,
  pools: machine.pools,
  words: [],
  notes,
  hints: [],
  leftOut,
})

/**
 * Tells the error of the file along with a change of the pools that was made already, or that was
 * none, because they were as asked for.
 */
const withFailure = (result: ChangeResult, thrown: unknown): ChangeResult => {
  if (!(thrown instanceof HugepoolError)) throw thrown
  const isSame = result.outcome === 'unchanged'
  const pools = isSame ? 'nothing is changed: the pools were so' : 'the pools are changed'
  const words = [...result.words, `${pools}, and ${ownDropIn} is as it was`]
  const outcome = isSame ? 'unchanged' : 'partial'
  return { ...result, outcome, words, failure: result.failure ?? thrown }
}

/** What a call came to: the change of the pools, and what the configuration says from now on. */
export interface LastingResult {
  readonly result: ChangeResult | ChangeDryRun
  readonly persisted?: PersistedPools
}

/** Makes a planner which also plans what the configuration will say, and remembers that. */
const lastingPlanner = (ports: Ports, makePlan: PoolPlanner, dryRun: boolean) => {
  let lasting: LastingPlan | undefined
  const planner: PoolPlanner = (machine) => {
    const plan = makePlan(machine)
    lasting = planLasting(ports, plan, machine, dryRun)
    return plan
  }
  return {
    planner,
    planned: (): LastingPlan => lasting ?? { keys: [], pools: [], overriddenBy: [] },
  }
}

const dryRunLasting = async (
  ports: Ports,
  makePlan: PoolPlanner,
  options: ChangeOptions,
): Promise<LastingResult> => {
  const { planner, planned } = lastingPlanner(ports, makePlan, true)
  const result = await changePools(ports, planner, { ...options, dryRun: true })
  const denied = lastingDenied(ports, planned())
  const persisted = await persistedBy(ports, planned())
  return result.kind === 'dry-run' && result.denied === undefined
    ? { result: { ...result, ...present({ denied }) }, persisted }
    : { result, persisted }
}

const changeLasting = async (
  ports: Ports,
  makePlan: PoolPlanner,
  options: ChangeOptions,
): Promise<LastingResult> => {
  const { planner, planned } = lastingPlanner(ports, makePlan, false)
  const result = await changeNow(ports, planner, options)
  if (result.restored || result.signal !== undefined) return { result }
  try {
    writeLasting(ports, planned())
  } catch (error) {
    return { result: withFailure(result, error) }
  }
  return { result, persisted: await persistedBy(ports, planned()) }
}

const writeOnly = async (ports: Ports, makePlan: PoolPlanner): Promise<LastingResult> => {
  const { planner, planned } = lastingPlanner(ports, makePlan, false)
  const machine = readMachine(ports.tree)
  const plan = planner(machine)
  writeLasting(ports, planned())
  return { result: unchangedResult(machine, plan), persisted: await persistedBy(ports, planned()) }
}

const planOnly = async (ports: Ports, makePlan: PoolPlanner): Promise<LastingResult> => {
  const { planner, planned } = lastingPlanner(ports, makePlan, true)
  const plan = planner(readMachine(ports.tree))
  const denied = lastingDenied(ports, planned())
  const nothing = { ...plan, steps: [], held: [], forecast: [] }
  return {
    result: present({ kind: 'dry-run', plan: nothing, denied, hints: [] }),
    persisted: await persistedBy(ports, planned()),
  }
}

const act = (
  ports: Ports,
  makePlan: PoolPlanner,
  options: ChangeOptions,
  when: PersistWhen,
): Promise<LastingResult> => {
  if (options.dryRun)
    return when === 'only' ? planOnly(ports, makePlan) : dryRunLasting(ports, makePlan, options)
  return withLock(ports, options.wait, () =>
    when === 'only' ? writeOnly(ports, makePlan) : changeLasting(ports, makePlan, options),
  )
}

/**
 * Runs a command that changes pools, and writes into hugepool's drop-in what it asked for, while
 * the lock is held: otherwise the file could tell of one call and the pools of another. Where the
 * file cannot be written, nothing is changed. Where pages fall short, the file says how many were
 * asked for.
 */
export const persistPools = async (
  ports: Ports,
  when: PersistWhen,
  command: (change: PoolChanger) => Promise<ChangeResult | ChangeDryRun>,
): Promise<LastingResult> => {
  let persisted: PersistedPools | undefined
  const change: PoolChanger = async (_, makePlan, options) => {
    const done = await act(ports, makePlan, options, when)
    persisted = done.persisted
    return done.result
  }
  const result = await command(change)
  return present({ result, persisted })
}
