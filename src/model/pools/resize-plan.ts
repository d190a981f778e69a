import { unsupported, usage } from '../../errors.ts'
import type { Assignment } from '../words/assignment.ts'
import type { NodeSelection } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import type { Policy } from '../words/policy.ts'
import { present } from '../words/present.ts'
import { heldObstacles, heldPages } from './held-forecast.ts'
import { allowedNotes, heldNotes, policyNotes } from './held-notes.ts'
import { convertsIdle, idleNotes } from './idle-surplus.ts'
import { countersOf, findNode, type Machine, memoryFor, persistent } from './machine.ts'
import type { Shares } from './margin.ts'
import { type FittedCount, fitIntoMemory, type MemoryRules } from './memory-fit.ts'
import {
  expandAssignments,
  type PoolCount,
  type ResolvedCount,
  resolveCount,
} from './pool-counts.ts'
import {
  grows,
  inOrder,
  type PoolPlan,
  type PoolSetting,
  type PoolStep,
  stepFor,
} from './pool-plan.ts'
import { cpusetNotes, eachNodeNotes, unequalNotes } from './resize-notes.ts'

export interface ResizeRequest extends MemoryRules {
  readonly assignments: readonly Assignment[]
  readonly nodes?: NodeSelection
}

const resolveForResize = (machine: Machine, wanted: PoolCount): ResolvedCount => {
  const before = persistent(countersOf(wanted.pool, wanted.node))
  const requested = resolveCount(wanted, before, memoryFor(machine, wanted.node))
  const growing = requested === undefined || requested > before
  if (wanted.node !== undefined && growing && !findNode(machine, wanted.node).hasMemory)
    throw unsupported(
      'no-node',
      `node ${wanted.node} has no memory, so it cannot hold ${formatSize(wanted.pool.size)} pages`,
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
    if (!findNode(machine, node).hasMemory)
      throw unsupported('no-node', `node ${node} has no memory`)
}

const settingOf = ({ pool, node }: PoolCount): PoolSetting =>
  present({ size: pool.size, attribute: 'persistent' as const, node })

/** Turns surplus pages into persistent ones, which takes no memory and so comes first. */
const conversion = (...of: Parameters<typeof stepFor>): PoolStep => ({
  ...stepFor(...of),
  convertsSurplus: true,
})

/**
 * The writes to the nodes that give pages, each its share. Surplus pages become persistent before,
 * by a write for the whole pool, which takes no memory.
 */
const nodeSteps = ({ pool, before }: FittedCount, shares: Shares): readonly PoolStep[] => {
  const whole = conversion({ size: pool.size, attribute: 'persistent' }, before, pool.total)
  const growing = pool.nodes.filter(({ node }) => (shares.get(node) ?? 0n) > 0n)
  const onNodes = growing.map(({ node, total }): PoolStep => {
    const setting = { size: pool.size, attribute: 'persistent' as const, node }
    return { ...stepFor(setting, total, total + (shares.get(node) ?? 0n)), isShare: true }
  })
  return [...(whole.value > whole.before ? [whole] : []), ...onNodes]
}

const stepsFor = (one: FittedCount, policy: Policy | undefined): readonly PoolStep[] => {
  if (one.shares !== undefined) return nodeSteps(one, one.shares)
  const setting = settingOf(one)
  const { total } = countersOf(one.pool, one.node)
  const converting = convertsIdle(one)
  const from = converting ? total : one.before
  return [
    ...(converting ? [conversion(setting, one.before, total, policy)] : []),
    ...(from === one.requested ? [] : [stepFor(setting, from, one.requested, policy)]),
  ]
}

/** The sizes of pools whose shrinks alone would take free pages that are reserved. */
const reservedSizes = ({ pools }: Machine, steps: readonly PoolStep[]): ReadonlySet<PageSize> =>
  new Set(
    pools
      .filter(({ size, free, reserved = 0n }) => {
        const shrinks = steps.filter((step) => step.size === size && !grows(step))
        const taken = shrinks.reduce((sum, { before, value }) => sum + before - value, 0n)
        return taken > 0n && free - taken < reserved
      })
      .map(({ size }) => size),
  )

/**
 * Plans the writes of a resize. Throws before anything is written: E_UNSUPPORTED for what the
 * machine lacks, E_USAGE for contradictions and E_REFUSED for a growth that would leave too little
 * memory.
 */
export const planResize = (machine: Machine, request: ResizeRequest): PoolPlan => {
  const wanted = expandAssignments(machine, request.assignments, request.nodes)
  const resolved = wanted.map((one) => resolveForResize(machine, one))
  checkPolicy(machine, request, resolved)
  const { fitted, memoryMinimums, notes } = fitIntoMemory(machine, request, resolved)
  const steps = fitted.flatMap((one) => stepsFor(one, request.policy))
  const each = request.nodes === undefined ? [] : eachNodeNotes(fitted)
  return {
    steps: inOrder(steps, reservedSizes(machine, steps)),
    memoryMinimums,
    forecast: fitted.flatMap(allowedNotes),
    held: fitted.flatMap(heldPages),
    obstacles: [
      ...fitted.flatMap(heldObstacles),
      ...fitted.flatMap((one) => policyNotes(one, request.policy)),
    ],
    settings: fitted.map((one) => ({ ...settingOf(one), requested: one.requested })),
    notes: [
      ...each,
      ...notes,
      ...fitted.flatMap(unequalNotes),
      ...fitted.flatMap(idleNotes),
      ...fitted.flatMap(heldNotes),
      ...fitted.flatMap((one) => policyNotes(one, request.policy)),
      ...cpusetNotes(machine, steps),
    ],
  }
}
