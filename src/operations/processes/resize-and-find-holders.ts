import { HugepoolError, refused } from '../../errors.ts'
import { explain, isShortage } from '../../kernel/errno.ts'
import { HeldError, heldSizesIn } from '../../model/pools/held-forecast.ts'
import type { ResizeRequest } from '../../model/pools/resize-plan.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import type { ChangeDryRun, ChangeOptions } from '../pools/change-pools.ts'
import type { ChangeResult } from '../pools/change-result.ts'
import { resizePools } from '../pools/resize-pools.ts'
import type { Ports } from '../ports.ts'

/** What was done is told also where the kernel lacks what it takes to look for the holders. */
const unlookedHint = (error: unknown): string => {
  const told = isShortage(error) && explain(error, 'looking for them')
  if (told instanceof HugepoolError) return `who holds the pages is not known: ${told.message}`
  throw error
}

/** Looks at the processes and files of the machine only where pages are held. */
const hintsOn = async (ports: Ports, held: readonly PageSize[]): Promise<readonly string[]> => {
  if (held.length === 0) return []
  try {
    return (await import('./holding-hints.ts')).holdingHintsFor(ports, held)
  } catch (error) {
    return [unlookedHint(error)]
  }
}

const refusedWithHolders = async (ports: Ports, error: HeldError): Promise<HugepoolError> => {
  const hints = await hintsOn(ports, error.sizes)
  return refused(error.reason, error.message, hints.join('\n') || undefined)
}

/**
 * Sets the persistent pages of pools. Where pages are held, so that not all can be done, or could
 * not in a real run, the hints name those who hold them.
 */
export const resizeAndFindHolders = async (
  ports: Ports,
  request: ResizeRequest,
  options: ChangeOptions,
): Promise<ChangeResult | ChangeDryRun> => {
  try {
    const result = await resizePools(ports, request, options)
    if (result.kind === 'changed' && result.failure instanceof HeldError)
      return { ...result, failure: await refusedWithHolders(ports, result.failure) }
    const held = result.kind === 'dry-run' ? heldSizesIn(result.plan.held ?? []) : result.heldSizes
    return { ...result, hints: [...(await hintsOn(ports, held)), ...result.hints] }
  } catch (error) {
    throw error instanceof HeldError ? await refusedWithHolders(ports, error) : error
  }
}
