import { usage } from '../../errors.ts'
import type { Assignment } from '../words/assignment.ts'
import type { NodeSelection } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { conversionNotes } from './conversion-notes.ts'
import { heldObstacles, heldPages } from './held-forecast.ts'
import { allowedNotes, heldNotes, policyNotes } from './held-notes.ts'
import { type KeepsGoing, partName, sifted } from './left-out.ts'
import { countersOf, findNode, type Machine, memoryFor, persistent } from './machine.ts'
import { type FittedCount, fitIntoMemory, type MemoryRules } from './memory-fit.ts'
import { memoryless } from './memoryless-node.ts'
import { type PoolCount, type ResolvedCount, resolveCount, siftAssignments } from './pool-counts.ts'
import { grows, inOrder, type PoolPlan, type PoolSetting, type PoolStep } from './pool-plan.ts'
import { type PoolSteps, stepsForPool } from './pool-steps.ts'
import { cpusetNotes, eachNodeNotes, unequalNotes } from './resize-notes.ts'
import { partOf, policyNodes, type SurplusRules } from './surplus-conversion.ts'

export interface ResizeRequest extends MemoryRules, KeepsGoing {
  readonly assignments: readonly Assignment[]
  readonly nodes?: NodeSelection
}

const resolveForResize = (machine: Machine, wanted: PoolCount): ResolvedCount => {
  const before = persistent(countersOf(wanted.pool, wanted.node))
  const requested = resolveCount(wanted, before, memoryFor(machine, wanted.node))
  const growing = requested === undefined || requested > before
  if (wanted.node !== undefined && growing && !findNode(machine, wanted.node).hasMemory)
    throw memoryless(
      machine,
      wanted.node,
      `, so it cannot hold ${formatSize(wanted.pool.size)} pages`,
    )
  return { ...wanted, before, requested }
}

const checkPolicy = (
  machine: Machine,
  request: ResizeRequest,
  resolved: readonly ResolvedCount[],
): void => {
  if (request.policy === undefined) return
  if (resolved.some(({ node }) => node !== undefined))
    throw usage('--mempolicy is for whole pools, so no node can be named beside it')
  for (const node of request.policy.nodes)
    if (!findNode(machine, node).hasMemory) throw memoryless(machine, node)
}

const settingOf = ({ pool, node }: PoolCount): PoolSetting =>
  present({ size: pool.size, attribute: 'persistent' as const, node })

const asAsked = (one: FittedCount) => ({ ...one, requested: one.asked ?? one.requested })

/** Returns what was asked for, and what is planned in its place where that is too much. */
const askedOf = ({ requested, asked }: FittedCount) =>
  asked === undefined ? { requested } : { requested: asked, planned: requested }

/** The rules of kernels from 6.16 on, on which surplus distorts no write. */
const exactRules: SurplusRules = { nodeFilesHeedSurplus: true, freesBesideSurplus: true }

/** Groups the counts by pool, for the surplus of one node can be in the way of another. */
const byPool = (
  fitted: readonly FittedCount[],
): readonly (readonly [FittedCount, ...FittedCount[]])[] =>
  [...new Set(fitted.map(({ pool }) => pool))].flatMap((pool) => {
    const [first, ...others] = fitted.filter((one) => one.pool === pool)
    return first === undefined ? [] : [[first, ...others] as const]
  })

/** Returns the sizes of pools whose shrinks would take reserved pages if no growth came before. */
const reservedSizes = ({ pools }: Machine, steps: readonly PoolStep[]): ReadonlySet<PageSize> =>
  new Set(
    pools
      .filter(({ size, free, reserved = 0n }) => {
        const shrinks = steps.filter(
          (step) => step.size === size && !grows(step) && !step.makesSurplus,
        )
        const taken = shrinks.reduce((sum, { before, value }) => sum + before - value, 0n)
        return taken > 0n && free - taken < reserved
      })
      .map(({ size }) => size),
  )

/**
 * Plans the writes of a resize. Throws before anything is written: E_USAGE for contradictions,
 * E_UNSUPPORTED for what the machine lacks and E_REFUSED for a growth that would leave too little
 * memory. A request that keeps going leaves out what the machine lacks, and cuts such a growth.
 */
export const planResize = (
  machine: Machine,
  request: ResizeRequest,
  rules: SurplusRules = exactRules,
): PoolPlan => {
  const wanted = siftAssignments(machine, request.assignments, request.nodes, request)
  const resolved = sifted(
    request,
    wanted.kept,
    (one) => [resolveForResize(machine, one)],
    ({ pool, node, count }) => partName(pool, node, count),
  )
  checkPolicy(machine, request, resolved.kept)
  const fit = fitIntoMemory(machine, request, resolved.kept)
  const { fitted, memoryMinimums, notes } = fit
  const ofPools: readonly PoolSteps[] = byPool(fitted).map((asked) =>
    stepsForPool(machine, asked, request.policy, rules),
  )
  const steps = ofPools.flatMap((one) => one.steps)
  const converted = new Set(
    ofPools.filter(({ conversion }) => conversion.of !== 'nothing').map(({ pool }) => pool),
  )
  const on = request.policy && policyNodes(machine, request.policy)
  const counts = fitted.map((one) =>
    present({
      ...one,
      keepsSurplus: !converted.has(one.pool),
      ofPolicy: on && { ...partOf(one, on), on },
    }),
  )
  const each = request.nodes === undefined ? [] : eachNodeNotes(fitted.map(asAsked))
  return {
    steps: inOrder(steps, reservedSizes(machine, steps)),
    memoryMinimums,
    forecast: counts.flatMap(allowedNotes),
    held: counts.flatMap(heldPages),
    obstacles: [
      ...counts.flatMap(heldObstacles),
      ...fitted.flatMap((one) => policyNotes(one, request.policy)),
    ],
    settings: fitted.map((one) => ({ ...settingOf(one), ...askedOf(one) })),
    leftOut: [...wanted.leftOut, ...resolved.leftOut, ...fit.leftOut],
    notes: [
      ...each,
      ...notes,
      ...fitted.flatMap(unequalNotes),
      ...ofPools.flatMap(conversionNotes),
      ...counts.flatMap(heldNotes),
      ...fitted.flatMap((one) => policyNotes(one, request.policy)),
      ...cpusetNotes(machine, steps),
    ],
  }
}
