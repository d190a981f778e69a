import type { FaultFacts, Reason } from '../../model/mapping/reasons/fault-facts.ts'
import { lacksPages } from '../../model/mapping/reasons/obstacles.ts'
import type { Ports } from '../ports.ts'
import { hintsOnHolders } from '../processes/hints-on-holders.ts'

/**
 * Adds to a reason who holds pages, where it is pages that are missing. To grow the pool is not the
 * only help: files that a program left keep theirs until they are deleted.
 */
export const withHolders = async (
  ports: Ports,
  facts: FaultFacts,
  isMapped: boolean,
  reason: Reason,
): Promise<Reason> =>
  lacksPages(facts, isMapped)
    ? {
        ...reason,
        advice: [...reason.advice, ...(await hintsOnHolders(ports, [facts.size], true))],
      }
    : reason
