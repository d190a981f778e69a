import { unsupported, usage } from '../../errors.ts'
import type { Assignment } from '../words/assignment.ts'
import type { NodeSelection } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { countersOf, findNode, type Machine, memoryFor, persistent } from './machine.ts'
import { fitIntoMemory, type MemoryRules } from './memory-fit.ts'
import {
  expandAssignments,
  type PoolCount,
  type ResolvedCount,
  resolveCount,
} from './pool-counts.ts'
import { inOrder, type PoolPlan, stepFor } from './pool-plan.ts'
import { cpusetNotes, eachNodeNotes } from './resize-notes.ts'

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
    if (!findNode(machine, node).hasMemory) throw unsupported(`node ${node} has no memory`)
}

/**
 * Plans the writes of a resize. Throws before anything is written: E_UNSUPPORTED for what the
 * machine lacks, E_USAGE for contradictions and E_REFUSED for a growth that would leave too little
 * memory.
 */
export const planResize = (machine: Machine, request: ResizeRequest): PoolPlan => {
  const wanted = expandAssignments(machine, request.assignments, request.nodes)
  const resolved = wanted.map((one) => resolveForResize(machine, one))
  checkPolicy(machine, request, resolved)
  const fit = fitIntoMemory(machine, request, resolved)
  const fitted = fit.fitted.map((one) => ({
    target: present({
      size: one.pool.size,
      attribute: 'persistent' as const,
      node: one.node,
    }),
    before: one.before,
    requested: one.requested ?? one.before,
    resolved: one,
  }))
  const steps = fitted
    .filter(({ before, requested }) => before !== requested)
    .map(({ target, before, requested }) => stepFor(target, before, requested, request.policy))
  const each = request.nodes === undefined ? [] : eachNodeNotes(fitted.map((one) => one.resolved))
  return {
    steps: inOrder(steps),
    memoryMinimums: fit.memoryMinimums,
    settings: fitted.map(({ target, requested }) => ({ ...target, requested })),
    notes: [...each, ...cpusetNotes(machine, steps)],
  }
}
