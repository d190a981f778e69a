import { type HugepoolError, refused } from '../../errors.ts'
import { hintText } from '../../model/etc/hint-text.ts'
import { HeldError, heldSizesIn } from '../../model/pools/held-forecast.ts'
import type { ResizeRequest } from '../../model/pools/resize-plan.ts'
import type { ChangeResult } from '../pools/change-result.ts'
import type { ChangeDryRun, ChangeOptions, PoolChanger } from '../pools/plan-and-change.ts'
import { resizePools } from '../pools/resize-pools.ts'
import type { Ports } from '../ports.ts'
import { hintsOnHolders } from './hints-on-holders.ts'

const refusedWithHolders = async (ports: Ports, error: HeldError): Promise<HugepoolError> => {
  const hints = await hintsOnHolders(ports, error.sizes)
  return refused(error.reason, error.message, hintText(hints))
}

/**
 * Sets the persistent pages of pools. Where pages are held, so that not all can be done, or could
 * not in a real run, the hints name those who hold them.
 */
export const resizeAndFindHolders = async (
  ports: Ports,
  request: ResizeRequest,
  options: ChangeOptions,
  change?: PoolChanger,
): Promise<ChangeResult | ChangeDryRun> => {
  try {
    const result = await resizePools(ports, request, options, change)
    if (result.kind === 'changed' && result.failure instanceof HeldError)
      return { ...result, failure: await refusedWithHolders(ports, result.failure) }
    const held = result.kind === 'dry-run' ? heldSizesIn(result.plan.held ?? []) : result.heldSizes
    return { ...result, hints: [...(await hintsOnHolders(ports, held)), ...result.hints] }
  } catch (error) {
    throw error instanceof HeldError ? await refusedWithHolders(ports, error) : error
  }
}
