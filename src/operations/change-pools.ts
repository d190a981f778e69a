import { HugepoolError } from '../errors.ts'
import { explain } from '../kernel/errno.ts'
import { readMachine } from '../kernel/machine.ts'
import { changesOf } from '../model/change.ts'
import type { Machine } from '../model/machine.ts'
import { grows, type Plan } from '../model/plan.ts'
import { type ChangeResult, conclude } from './conclude.ts'
import { compactPaths, grow } from './grow.ts'
import type { Ports, SignalWatch } from './ports.ts'
import { withLock } from './with-lock.ts'
import { correctNode, writeStep } from './write-step.ts'

export interface ChangeOptions {
  readonly dryRun: boolean
  readonly allOrNothing: boolean
  readonly compact: boolean
  readonly wait: boolean
}

/** What would be written, in order. */
export interface DryRun {
  readonly kind: 'dry-run'
  readonly plan: Plan
}

/** Reads, plans and says nothing yet; makes the plan of one command from a snapshot. */
export type Planner = (machine: Machine) => Plan

export const checkWritable = (ports: Ports, paths: readonly string[]): void => {
  for (const path of paths) {
    try {
      ports.tree.checkWritable(path)
    } catch (error) {
      throw explain(error, path)
    }
  }
}

const carryOut = async (
  ports: Ports,
  plan: Plan,
  options: ChangeOptions,
  signals: SignalWatch,
): Promise<HugepoolError | undefined> => {
  try {
    for (const step of plan.steps) {
      if (signals.pending() !== undefined) return undefined
      if (grows(step) && step.attribute === 'persistent')
        await grow(ports, step, signals, options.compact)
      else writeStep(ports, step, step.value)
      correctNode(ports, step)
    }
    return undefined
  } catch (error) {
    if (error instanceof HugepoolError) return error
    throw error
  }
}

const change = async (
  ports: Ports,
  makePlan: Planner,
  options: ChangeOptions,
): Promise<ChangeResult> => {
  const before = readMachine(ports.tree)
  const plan = makePlan(before)
  for (const note of plan.notes) ports.note(note)
  const signals = ports.watchSignals()
  const failure = await carryOut(ports, plan, options, signals)
  return conclude(ports, {
    before,
    plan,
    allOrNothing: options.allOrNothing,
    compacted: options.compact,
    failure,
    signal: signals.pending(),
  })
}

/**
 * Observe, plan, carry out, observe again. The plan is made once before the lock, so that a wrong
 * or needless request ends without it, and once under it, because relative counts depend on it.
 */
export const changePools = async (
  ports: Ports,
  makePlan: Planner,
  options: ChangeOptions,
): Promise<ChangeResult | DryRun> => {
  const machine = readMachine(ports.tree)
  const plan = makePlan(machine)
  if (options.dryRun) return { kind: 'dry-run', plan }
  if (plan.steps.length === 0) {
    const changes = changesOf(machine, machine, plan).map((one) => ({ ...one, shortage: [] }))
    const { pools } = machine
    return { kind: 'changed', outcome: 'unchanged', changes, pools, words: plan.notes, hints: [] }
  }
  checkWritable(ports, [
    ...plan.steps.map(({ path }) => path),
    ...(options.compact ? plan.steps.filter(grows).flatMap(compactPaths) : []),
  ])
  return withLock(ports, options.wait, () => change(ports, makePlan, options))
}
