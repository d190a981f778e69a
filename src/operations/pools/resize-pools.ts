import { readSurplusRules } from '../../kernel/release.ts'
import { addedSurplusNotes } from '../../model/pools/conversion-notes.ts'
import { planResize, type ResizeRequest } from '../../model/pools/resize-plan.ts'
import { planThroughProc } from '../../model/pools/through-proc.ts'
import type { Ports } from '../ports.ts'
import { type ChangeDryRun, type ChangeOptions, changePools } from './change-pools.ts'
import type { ChangeResult } from './change-result.ts'

/** Sets the persistent pages of pools. */
export const resizePools = (
  ports: Ports,
  request: ResizeRequest,
  options: ChangeOptions,
): Promise<ChangeResult | ChangeDryRun> =>
  changePools(
    ports,
    (machine) => {
      const rules = readSurplusRules(ports.tree)
      const plan = planThroughProc(machine, planResize(machine, request, rules))
      if (rules.nodeFilesHeedSurplus) return plan
      return { ...plan, notes: [...plan.notes, ...addedSurplusNotes(machine, plan)] }
    },
    options,
  )
