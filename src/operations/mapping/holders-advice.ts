import type { FaultFacts, Reason } from '../../model/mapping/reasons/fault-facts.ts'
import { lacksPages } from '../../model/mapping/reasons/obstacles.ts'
import type { Ports } from '../ports.ts'
import { hintsOnHolders } from '../processes/hints-on-holders.ts'

/**
 * Adds to a reason who holds pages, where pages are what is missing. A larger pool is not the only
 * help: files that a program left behind keep their pages until they are deleted.
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
