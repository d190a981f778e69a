import { fewer, type Pages } from '../words/count.ts'
import type { Policy } from '../words/policy.ts'
import { type Machine, type Pool, persistent } from './machine.ts'
import type { Shares } from './margin.ts'
import type { FittedCount } from './memory-fit.ts'
import { type PoolSetting, type PoolStep, stepFor } from './pool-plan.ts'
import {
  type Conversion,
  conversionFor,
  hasIdle,
  type PoolPart,
  partOf,
  policyNodes,
  roomToFree,
  type SurplusRules,
} from './surplus-conversion.ts'
import { converting, lendersOf, lentBack, ofPool, settling } from './surplus-steps.ts'

/** The writes for one pool, and how its surplus becomes persistent before them. */
export interface PoolSteps {
  readonly pool: Pool
  readonly steps: readonly PoolStep[]
  readonly conversion: Conversion
}

/** A number that is to change; `free` tells how many free pages it may take out of the pool. */
interface Move {
  readonly setting: PoolSetting
  readonly from: Pages
  readonly to: Pages
  readonly free: Pages
}

/**
 * Makes the writes to the nodes that give pages, each its share. Before them a write for the whole
 * pool makes surplus pages persistent, which takes no memory.
 */
const shareSteps = ({ pool, before }: FittedCount, shares: Shares): readonly PoolStep[] => {
  const growing = pool.nodes.filter(({ node }) => (shares.get(node) ?? 0n) > 0n)
  const onNodes = growing.map(({ node, total }): PoolStep => {
    const setting = { size: pool.size, attribute: 'persistent' as const, node }
    return { ...stepFor(setting, total, total + (shares.get(node) ?? 0n)), isShare: true }
  })
  const whole = { size: pool.size, attribute: 'persistent' as const }
  return [...converting(whole, before, pool.total), ...onNodes]
}

/**
 * Returns the writes of one number. Where a pool has several, a number that both frees pages and
 * makes surplus of pages in use takes two writes, because all new surplus has to come last.
 */
const moveSteps = (
  { setting, from, to, free }: Move,
  { isAlone, rules }: { readonly isAlone: boolean; readonly rules: SurplusRules },
): readonly PoolStep[] => {
  if (from === to) return []
  const freed = fewer(from - to, free)
  if (isAlone || from < to || freed === from - to) return [stepFor(setting, from, to)]
  if (freed > 0n && rules.freesBesideSurplus) return [stepFor(setting, from, to)]
  const rest: PoolStep = {
    ...stepFor(setting, from - freed, to),
    makesSurplus: true,
  }
  return freed > 0n ? [stepFor(setting, from, from - freed), rest] : [rest]
}

/**
 * Whether all nodes end with no persistent page. Then the pool is set as a whole on a kernel that
 * adds the surplus of other nodes to a write: new surplus on one node would keep others from 0.
 */
const endsWithNone = (pool: Pool, asked: readonly FittedCount[]): boolean =>
  pool.nodes.every((on) => {
    const count = asked.find(({ node }) => node === on.node)
    return (count?.requested ?? persistent(on)) === 0n
  })

/** Lets moves free no more pages than the pool can lose. Further pages have to become surplus. */
const withinRoom = (moves: readonly Move[], room: Pages): readonly Move[] => {
  let left = room
  return moves.map((move) => {
    if (move.to >= move.from) return move
    const free = fewer(fewer(move.free, move.from - move.to), left)
    left -= free
    return { ...move, free }
  })
}

/** Returns the writes for counts of nodes. */
const nodeSteps = (
  asked: readonly FittedCount[],
  parts: readonly PoolPart[],
  pool: Pool,
  { of, rules }: Pick<Conversion, 'of'> & { readonly rules: SurplusRules },
): readonly PoolStep[] => {
  const isSet = (id: number) => asked.some(({ node }) => node === id)
  const lenders = of === 'pool' ? lendersOf(pool, isSet) : []
  const converts = (part: PoolPart) => of === 'pool' || (of === 'parts' && hasIdle(part))
  const conversions =
    of === 'pool'
      ? converting(ofPool(pool), persistent(pool), pool.total)
      : parts
          .filter(converts)
          .flatMap((part) =>
            converting({ ...ofPool(pool), node: part.node ?? 0 }, persistent(part), part.total),
          )
  const moves = parts.map(
    (part): Move => ({
      setting: { ...ofPool(pool), node: part.node ?? 0 },
      from: converts(part) ? part.total : persistent(part),
      to: part.requested,
      free: part.free,
    }),
  )
  const moving = moves.filter(({ from, to }) => from !== to)
  const writes = moving.length + lenders.length
  if (writes > 1 && !rules.nodeFilesHeedSurplus && endsWithNone(pool, asked)) {
    const from = of === 'pool' ? pool.total : persistent(pool)
    const whole = [stepFor(ofPool(pool), from, 0n)]
    return [...conversions, ...(of === 'pool' ? settling(whole) : whole)]
  }
  const steps = [
    ...withinRoom(moving, roomToFree(pool, parts)).flatMap((move) =>
      moveSteps(move, { isAlone: writes === 1, rules }),
    ),
    ...lentBack(pool, lenders),
  ]
  return [...conversions, ...(of === 'nothing' ? steps : settling(steps))]
}

/**
 * Returns the writes for a count of the whole pool. Under a policy `part` has the surplus of its
 * nodes alone. Where all surplus becomes persistent, that of the other nodes is set again at the
 * end.
 */
const wholeSteps = (
  { before, requested }: FittedCount,
  part: PoolPart,
  pool: Pool,
  {
    of,
    policy,
    nodes,
  }: Pick<Conversion, 'of'> & {
    readonly policy: Policy | undefined
    readonly nodes: readonly number[] | undefined
  },
): readonly PoolStep[] => {
  const setting = ofPool(pool)
  if (of === 'nothing')
    return before === requested ? [] : [stepFor(setting, before, requested, policy)]
  const lenders =
    of === 'pool' && nodes !== undefined ? lendersOf(pool, (node) => nodes.includes(node)) : []
  const lent = lenders.reduce((sum, { surplus }) => sum + surplus, 0n)
  const from = before + part.surplus + lent
  const conversions = converting(setting, before, from, of === 'pool' ? undefined : policy)
  const move = from === requested + lent ? [] : [stepFor(setting, from, requested + lent, policy)]
  return [...conversions, ...settling([...move, ...lentBack(pool, lenders)])]
}

/**
 * Plans the writes for the counts of one pool, in an order that is right on every kernel. Surplus
 * that would be in the way becomes persistent first. Then free pages leave, on all nodes. Pages in
 * use become surplus last, when no free page is left that a kernel could count against them.
 */
export const stepsForPool = (
  machine: Machine,
  asked: readonly [FittedCount, ...FittedCount[]],
  policy: Policy | undefined,
  rules: SurplusRules,
): PoolSteps => {
  const [first] = asked
  const { pool, shares } = first
  if (shares !== undefined)
    return { pool, steps: shareSteps(first, shares), conversion: { of: 'nothing', idle: 0n } }
  const nodes = policy && policyNodes(machine, policy)
  const parts = asked.map((one) => partOf(one, nodes))
  const conversion = conversionFor(pool, parts, rules)
  const [part] = parts
  const steps =
    first.node !== undefined || part === undefined
      ? nodeSteps(asked, parts, pool, { of: conversion.of, rules })
      : wholeSteps(first, part, pool, { of: conversion.of, policy, nodes })
  return { pool, steps, conversion }
}
