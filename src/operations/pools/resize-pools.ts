import { readSurplusRules } from '../../kernel/release.ts'
import type { Tree } from '../../kernel/tree.ts'
import { addedSurplusNotes } from '../../model/pools/conversion-notes.ts'
import { refuseNothing } from '../../model/pools/left-out.ts'
import type { Machine } from '../../model/pools/machine.ts'
import type { PoolPlan } from '../../model/pools/pool-plan.ts'
import { planResize, type ResizeRequest } from '../../model/pools/resize-plan.ts'
import { planThroughProc } from '../../model/pools/through-proc.ts'
import type { Ports } from '../ports.ts'
import type { ChangeResult } from './change-result.ts'
import { withSizeAdvice } from './missing-size.ts'
import {
  type ChangeDryRun,
  type ChangeOptions,
  changePools,
  type PoolChanger,
} from './plan-and-change.ts'

/** Plans a resize by the rules of the kernel that a tree has. Throws the errors of `planResize`. */
export const planResizeOn = (tree: Tree, machine: Machine, request: ResizeRequest): PoolPlan => {
  const rules = readSurplusRules(tree)
  const plan = planThroughProc(machine, planResize(machine, request, rules))
  const { leftOut = [] } = plan
  const advised = leftOut.map((one) => ({ ...one, error: withSizeAdvice(one.error, tree) }))
  const added = rules.nodeFilesHeedSurplus ? [] : addedSurplusNotes(machine, plan)
  return { ...plan, leftOut: advised, notes: [...plan.notes, ...added] }
}

/** Throws the errors of a call that keeps going, where it could do nothing at all. */
const orNothing = (result: ChangeResult | ChangeDryRun): ChangeResult | ChangeDryRun => {
  if (result.kind === 'changed') {
    refuseNothing(result.changes, result.leftOut)
    return result
  }
  const { steps, settings, leftOut = [] } = result.plan
  if (steps.length === 0) refuseNothing(settings, leftOut)
  return result
}

/** Sets the persistent pages of pools. `change` may do more while the lock is held. */
export const resizePools = async (
  ports: Ports,
  request: ResizeRequest,
  options: ChangeOptions,
  change: PoolChanger = changePools,
): Promise<ChangeResult | ChangeDryRun> =>
  orNothing(await change(ports, (machine) => planResizeOn(ports.tree, machine, request), options))
