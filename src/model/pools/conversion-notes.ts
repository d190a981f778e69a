import { namedNodes } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { findPool, type Machine } from './machine.ts'
import { type PoolPlan, type PoolStep, poolName } from './pool-plan.ts'
import type { PoolSteps } from './pool-steps.ts'

/** Says that surplus becomes persistent first, why, and where it is surplus again in the end. */
export const conversionNotes = ({ pool, steps, conversion }: PoolSteps): readonly string[] => {
  const { of, idle } = conversion
  if (of === 'nothing') return []
  const size = formatSize(pool.size)
  const on = steps.flatMap(({ node, convertsSurplus }) =>
    convertsSurplus && node !== undefined ? [node] : [],
  )
  const which = on.length === 0 ? 'all surplus' : `the surplus of ${namedNodes(on)}`
  const first = `${which} becomes persistent first`
  const back = steps.flatMap(({ node, lends }) => (lends && node !== undefined ? [node] : []))
  const again = back.length === 0 ? '' : `, and is set again on ${namedNodes(back)}`
  if (idle > 0n)
    return [
      `${size}: ${plural(idle, 'free page is', 'free pages are')} surplus: ${first}${again}, so that the kernel frees what nobody uses`,
    ]
  return [
    `${size}: ${first}${again}, for this kernel counts it against the pages that are asked for`,
  ]
}

/**
 * Says on which nodes a kernel before 6.7 cannot set as few pages as were asked for. It adds the
 * surplus of the other nodes to what is written (__nr_hugepages_store_common in mm/hugetlb.c), so
 * that surplus is the fewest that it can set.
 */
export const addedSurplusNotes = (
  machine: Machine,
  { steps }: Pick<PoolPlan, 'steps'>,
): readonly string[] => {
  const converted = new Set(
    steps.flatMap(({ size, convertsSurplus }) => (convertsSurplus ? [size] : [])),
  )
  const made = new Map<string, bigint>()
  const noteOf = (step: PoolStep): readonly string[] => {
    const { size, node, before, value } = step
    if (node === undefined) return []
    const { nodes } = findPool(machine, size)
    const own = `${size} ${node}`
    const there = (id: number, surplus: bigint) =>
      (converted.has(size) ? 0n : surplus) + (made.get(`${size} ${id}`) ?? 0n)
    const elsewhere = nodes.reduce(
      (sum, on) => (on.node === node ? sum : sum + there(on.node, on.surplus)),
      0n,
    )
    if (step.makesSurplus) made.set(own, before - value)
    return value >= elsewhere
      ? []
      : [
          `${poolName({ size, node })}: this kernel adds the surplus of other nodes, so no fewer than ${elsewhere} can be set`,
        ]
  }
  return steps.flatMap(noteOf)
}
