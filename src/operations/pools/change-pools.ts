import { HugepoolError } from '../../errors.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { readText } from '../../kernel/read-attribute.ts'
import type { Machine } from '../../model/pools/machine.ts'
import { grows, type PoolPlan } from '../../model/pools/pool-plan.ts'
import type { Ports, SignalWatch } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { type ChangeResult, changeResult } from './change-result.ts'
import { checkWritable } from './check-writable.ts'
import { compactPaths, grow } from './grow.ts'
import { growRest } from './grow-rest.ts'
import { correctNode, freeIdle, writeStep } from './write-step.ts'

export interface ChangeOptions {
  readonly dryRun: boolean
  readonly allOrNothing: boolean
  readonly compact: boolean
  readonly wait: boolean
}

/** The steps that would be written, in order. */
export interface ChangeDryRun {
  readonly kind: 'dry-run'
  readonly plan: PoolPlan
}

/** Makes the plan of one command from a snapshot. It neither writes nor prints anything. */
export type PoolPlanner = (machine: Machine) => PoolPlan

const carryOutPlan = async (
  ports: Ports,
  plan: PoolPlan,
  options: ChangeOptions,
  signals: SignalWatch,
): Promise<HugepoolError | undefined> => {
  const how = { signals, memoryMinimums: plan.memoryMinimums, compacting: options.compact }
  try {
    for (const step of plan.steps) {
      if (signals.pending() !== undefined) return undefined
      if (grows(step) && step.attribute === 'persistent') await grow(ports, { ...how, step })
      else writeStep(ports, step, step.value)
      correctNode(ports, step)
      freeIdle(ports, step)
    }
    await growRest(ports, plan.steps, how)
    return undefined
  } catch (error) {
    if (error instanceof HugepoolError) return error
    throw error
  }
}

const changeNow = async (
  ports: Ports,
  makePlan: PoolPlanner,
  options: ChangeOptions,
): Promise<ChangeResult> => {
  const before = readMachine(ports.tree)
  const plan = makePlan(before)
  for (const note of plan.notes) ports.note(note)
  const { allOrNothing, compact: compacted } = options
  const carried = { before, plan, allOrNothing, compacted, failure: undefined, signal: undefined }
  if (plan.steps.length === 0) return changeResult(ports, carried, before)
  checkWritable(ports, [
    ...plan.steps.map(({ path }) => path),
    ...(options.compact ? plan.steps.filter(grows).flatMap(compactPaths) : []),
  ])
  const signals = ports.watchSignals()
  const failure = await carryOutPlan(ports, plan, options, signals)
  return changeResult(ports, { ...carried, failure, signal: signals.pending() })
}

/** Throws E_UNSUPPORTED where a dry run would print a write to a file of /proc that is missing. */
const missingRefused = (ports: Ports, plan: PoolPlan): PoolPlan => {
  for (const { path } of plan.steps) if (path.startsWith('/proc/')) readText(ports.tree, path)
  return plan
}

/**
 * Observes, plans, carries out and observes again. The lock is held throughout, because the changes
 * of another call decide what a relative count means and whether there is anything to do.
 */
export const changePools = async (
  ports: Ports,
  makePlan: PoolPlanner,
  options: ChangeOptions,
): Promise<ChangeResult | ChangeDryRun> =>
  options.dryRun
    ? { kind: 'dry-run', plan: missingRefused(ports, makePlan(readMachine(ports.tree))) }
    : withLock(ports, options.wait, () => changeNow(ports, makePlan, options))
