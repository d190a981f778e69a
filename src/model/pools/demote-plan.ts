import type { Assignment } from '../words/assignment.ts'
import { ascending, kilobytesOf } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId, NodeSelection } from '../words/node-list.ts'
import type { PageSize, SizeWord } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { attributePath } from './attributes.ts'
import { checkSmaller, checkTaken, splitSizeOf } from './demote-size-plan.ts'
import { type DemoteStep, demoteSteps } from './demote-steps.ts'
import { type Counters, findPool, type Machine, type Pool } from './machine.ts'
import { expandAssignments, type PoolCount } from './pool-counts.ts'
import { poolName } from './pool-plan.ts'

export interface DemoteRequest {
  readonly assignments: readonly Assignment[]
  readonly nodes?: NodeSelection
  readonly to?: SizeWord
  /** Whether nothing is split unless all requested pages can be split. */
  readonly all: boolean
}

/**
 * A plan to split pages of one pool into pages of another. `demote_size` is one setting per pool.
 */
export interface DemotePlan {
  readonly size: PageSize
  readonly to: PageSize
  readonly sizePath: string
  /** The present value of `demote_size`, where it differs from `to`; it is restored afterwards. */
  readonly putBack?: PageSize
  readonly steps: readonly DemoteStep[]
}

const smallerSize = (machine: Machine, pool: Pool, to: SizeWord | undefined): PageSize => {
  const now = splitSizeOf(pool)
  if (to === undefined) return now
  const smaller = findPool(machine, to)
  checkSmaller(pool.size, smaller.size)
  checkTaken(machine, pool, smaller.size)
  return smaller.size
}

const gain = <Gaining extends Counters>(counters: Gaining, pages: Pages): Gaining => ({
  ...counters,
  total: counters.total + pages,
  free: counters.free + pages,
})

/**
 * Returns the pools as they are after a plan: the pages that it makes can be split further by the
 * next plan.
 */
const afterDemote = (pools: readonly Pool[], { size, to, steps }: DemotePlan): readonly Pool[] =>
  pools.map((pool) => {
    if (pool.size !== to) return pool
    const made = (pages: Pages) => (pages * size) / to
    const onNode = (node: NodeId) => steps.find((step) => step.node === node)?.splittable ?? 0n
    const all = steps.reduce((sum, step) => sum + step.splittable, 0n)
    const nodes = pool.nodes.map((one) => gain(one, made(onNode(one.node))))
    return { ...gain(pool, made(all)), nodes }
  })

const demotePlanOf = (
  machine: Machine,
  size: PageSize,
  wanted: readonly PoolCount[],
  request: DemoteRequest,
): DemotePlan => {
  const pool = findPool(machine, size)
  const to = smallerSize(machine, pool, request.to)
  const ofPool = wanted.filter((one) => one.pool.size === size).map((one) => ({ ...one, pool }))
  return present({
    size,
    to,
    sizePath: attributePath('demote_size', size),
    putBack: pool.demoteSize === to ? undefined : pool.demoteSize,
    steps: demoteSteps(pool, ofPool, request.all),
  })
}

/**
 * Plans a demote, larger pages first. Throws E_UNSUPPORTED for a pool without demote, E_USAGE for a
 * count or target that makes no sense and E_REFUSED where no page can be split.
 */
export const planDemote = (machine: Machine, request: DemoteRequest): readonly DemotePlan[] => {
  const wanted = expandAssignments(machine, request.assignments, request.nodes)
  const sizes = [...new Set(wanted.map(({ pool }) => pool.size))]
  const largestFirst = sizes.sort((a, b) => ascending(b, a))
  const plans: DemotePlan[] = []
  let { pools } = machine
  for (const size of largestFirst) {
    const plan = demotePlanOf({ ...machine, pools }, size, wanted, request)
    pools = afterDemote(pools, plan)
    plans.push(plan)
  }
  return plans
}

/** A write of a number of pages, or of a size as the kernel prints it. */
export interface DemoteWrite {
  readonly path: string
  readonly value: Pages | string
}

/** Returns the writes of a demote, in order. */
export const demoteWrites = (plans: readonly DemotePlan[]): readonly DemoteWrite[] =>
  plans.flatMap(({ sizePath, to, putBack, steps }) => {
    const writes = steps
      .filter(({ splittable }) => splittable > 0n)
      .map(({ path, splittable }): DemoteWrite => ({ path, value: splittable }))
    if (putBack === undefined || writes.length === 0) return writes
    const set = { path: sizePath, value: kilobytesOf(to) }
    return [set, ...writes, { path: sizePath, value: kilobytesOf(putBack) }]
  })

/** Describes the steps of which only a part can be split, as known before anything is written. */
export const fewerSplitWords = (plans: readonly DemotePlan[]): readonly string[] =>
  plans.flatMap(({ size, steps }) =>
    steps
      .filter(({ requested, splittable }) => splittable < requested)
      .map(({ node, requested, splittable, lack }) => {
        const name = poolName(present({ size, node }))
        return `${name}: only ${splittable} of ${requested} can be split: ${lack}`
      }),
  )
