import { availableNow, overcommitRoom } from '../../pools/machine.ts'
import type { FaultFacts, Reason } from '../reasons/fault-facts.ts'
import {
  heldByMount,
  joinReasons,
  limitObstacles,
  mountObstacle,
  nodeObstacles,
  poolObstacle,
  touchLimits,
} from '../reasons/obstacles.ts'

/**
 * Returns for which lack of pages the kernel would refuse the file, after what overcommit allows.
 */
const pagesInTheWay = (facts: FaultFacts): readonly Reason[] => {
  const { pool, wanted } = facts
  const room = overcommitRoom(pool)
  if (wanted > availableNow(pool) + heldByMount(facts) + room) {
    const obstacle = poolObstacle(facts)
    return obstacle === undefined ? [] : [obstacle]
  }
  return room > 0n ? [] : nodeObstacles(facts)
}

/**
 * Returns what would keep a file from getting the pages that it needs, joined into one reason, in
 * the order in which the kernel checks. Returns undefined where nothing would.
 */
export const roomObstacle = (facts: FaultFacts): Reason | undefined => {
  const mount = mountObstacle(facts)
  const [first, ...others] = [
    ...limitObstacles(facts.limits.reserved, facts),
    ...(mount === undefined ? [] : [mount]),
    ...pagesInTheWay(facts),
    ...touchLimits(facts),
  ]
  return first === undefined ? undefined : joinReasons([first, ...others])
}
