import { unsupported, usage } from '../../errors.ts'
import { type Assignment, namesNodes } from '../words/assignment.ts'
import { formatSize } from '../words/page-size.ts'
import { aboveOvercommit } from './held-forecast.ts'
import { surplusNotes } from './held-notes.ts'
import { type KeepsGoing, partName, sifted } from './left-out.ts'
import { type Machine, sysfsHint } from './machine.ts'
import { type PoolCount, resolveCount, siftAssignments } from './pool-counts.ts'
import { inOrder, type PoolPlan, stepFor } from './pool-plan.ts'

export interface OvercommitRequest extends KeepsGoing {
  readonly assignments: readonly Assignment[]
}

const resolveForOvercommit = (machine: Machine, wanted: PoolCount) => {
  const { pool } = wanted
  const size = formatSize(pool.size)
  if (pool.overcommit === undefined && pool.onlyInProc)
    throw unsupported('not-shown', `the overcommit of ${size} pages cannot be seen here`, sysfsHint)
  if (pool.overcommit === undefined)
    throw unsupported('no-feature', `${size} pages have no overcommit here`)
  if (wanted.count.kind === 'max')
    throw usage(`overcommit ${size}=max says nothing: overcommit takes no memory until it is used`)
  const requested = resolveCount(wanted, pool.overcommit, machine.memory) ?? 0n
  const { size: bytes, overcommit } = pool
  return { pool, before: overcommit, requested, size: bytes, attribute: 'overcommit' as const }
}

/**
 * Plans the writes that set overcommit. The kernel has one number for each pool, and none for a
 * node. Throws E_USAGE for nodes and for `max`, and E_UNSUPPORTED for a pool that is not there or
 * has no overcommit. A request that keeps going leaves such pools out.
 */
export const planOvercommit = (machine: Machine, request: OvercommitRequest): PoolPlan => {
  const onNodes = request.assignments.find(namesNodes)
  if (onNodes !== undefined)
    throw usage(
      `'${onNodes.text}': the kernel has no overcommit per node`,
      'write it as SIZE=COUNT',
    )
  const wanted = siftAssignments(machine, request.assignments, undefined, request)
  const resolved = sifted(
    request,
    wanted.kept,
    (one) => [resolveForOvercommit(machine, one)],
    ({ pool, count }) => partName(pool, undefined, count),
  )
  const asked = resolved.kept
  const settings = asked.map(({ size, attribute, requested }) => ({ size, attribute, requested }))
  const steps = asked
    .filter(({ before, requested }) => before !== requested)
    .map(({ size, attribute, before, requested }) =>
      stepFor({ size, attribute }, before, requested),
    )
  const notes = asked.flatMap(({ pool, requested }) => surplusNotes(pool, requested))
  const held = asked.flatMap(({ pool, requested }) => aboveOvercommit(pool, requested))
  const leftOut = [...wanted.leftOut, ...resolved.leftOut]
  return { steps: inOrder(steps), settings, leftOut, memoryMinimums: [], notes, held }
}
