import { HugepoolError } from '../errors.ts'
import { readMachine } from '../kernel/machine.ts'
import type { Pages } from '../model/count.ts'
import { countersOf, findPool, type Machine, type Pool, persistent } from '../model/machine.ts'
import { formatSize } from '../model/page-size.ts'
import { inOrder, type Plan, type Step, stepFor, type Target } from '../model/plan.ts'
import type { Ports } from './ports.ts'
import { writeStep } from './write-step.ts'

/** What came of putting the pools of a call back. */
export interface Restored {
  readonly sizes: readonly string[]
  /** Pools that could not be put back wholly, in words. */
  readonly short: readonly string[]
}

const numberOf = (pool: Pool, target: Target): Pages =>
  target.attribute === 'overcommit'
    ? (pool.overcommit ?? 0n)
    : persistent(countersOf(pool, target.node))

/** Whole pools, and with several nodes each pool's nodes too: the spread has to come back as well. */
const targetsOf = (before: Machine, plan: Plan): readonly Target[] => {
  const sizes = [...new Set(plan.targets.map(({ size }) => size))]
  const attribute = plan.targets[0]?.attribute ?? 'persistent'
  const wholes = sizes.map((size): Target => ({ size, attribute }))
  if (attribute === 'overcommit') return wholes
  const onNodes = sizes.flatMap((size) => {
    const { nodes } = findPool(before.pools, size)
    return nodes.length > 1 ? nodes.map(({ node }): Target => ({ size, node, attribute })) : []
  })
  return [...onNodes, ...wholes]
}

const stepsBack = (before: Machine, now: Machine, targets: readonly Target[]): readonly Step[] =>
  inOrder(
    targets.flatMap((target) => {
      const was = numberOf(findPool(before.pools, target.size), target)
      const is = numberOf(findPool(now.pools, target.size), target)
      return was === is ? [] : [stepFor(target, is, was)]
    }),
  )

const shortWords = ({ size, node, value, before }: Step): string => {
  const place = node === undefined ? formatSize(size) : `${formatSize(size)} on node ${node}`
  return `${place} has ${before} instead of ${value}`
}

/** A write that fails must not keep the other pools from being put back: it is told in words. */
const attempt = (ports: Ports, step: Step): readonly string[] => {
  try {
    writeStep(ports, step, step.value)
    return []
  } catch (error) {
    if (error instanceof HugepoolError) return [error.message]
    throw error
  }
}

/**
 * Puts every pool of a plan back to what it was before: nodes first, then whole pools where the
 * nodes did not add up. Growing back may fall short like any growth; that is told, not hidden.
 */
export const restore = (ports: Ports, before: Machine, plan: Plan): Restored => {
  const targets = targetsOf(before, plan)
  const sizes = [...new Set(targets.map(({ size }) => formatSize(size)))]
  const rounds = [targets.filter(({ node }) => node !== undefined), targets]
  const failures = rounds.flatMap((round) =>
    stepsBack(before, readMachine(ports.tree), round).flatMap((step) => attempt(ports, step)),
  )
  const short = stepsBack(before, readMachine(ports.tree), targets).map(shortWords)
  return { sizes, short: short.length === 0 ? [] : [...short, ...new Set(failures)] }
}
