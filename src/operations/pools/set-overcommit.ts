import { type OvercommitRequest, planOvercommit } from '../../model/pools/overcommit-plan.ts'
import { planThroughProc } from '../../model/pools/through-proc.ts'
import type { Ports } from '../ports.ts'
import { type ChangeDryRun, type ChangeOptions, changePools } from './change-pools.ts'
import type { ChangeResult } from './change-result.ts'

/** Sets how many surplus pages pools may have. */
export const setOvercommit = (
  ports: Ports,
  request: OvercommitRequest,
  options: ChangeOptions,
): Promise<ChangeResult | ChangeDryRun> =>
  changePools(
    ports,
    (machine) => planThroughProc(machine, planOvercommit(machine, request)),
    options,
  )
