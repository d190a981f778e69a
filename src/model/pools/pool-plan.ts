import type { Bytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import { type NodeId, onNode } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { numactlOption, type Policy } from '../words/policy.ts'
import { present } from '../words/present.ts'
import { attributePath, type PoolAttribute } from './attributes.ts'
import type { HeldPages } from './held-forecast.ts'
import type { PartLeftOut } from './left-out.ts'

/** One number that the administrator sets, for a whole pool or for its part on one node. */
export interface PoolSetting {
  readonly size: PageSize
  readonly node?: NodeId
  readonly attribute: 'persistent' | 'overcommit'
}

/** Returns `2M` or `2M on node 1`, for a sentence. */
export const poolName = ({ size, node }: Pick<PoolSetting, 'size' | 'node'>): string =>
  `${formatSize(size)}${onNode(node)}`

/** One write, and the value that it was planned against. */
export interface PoolStep extends PoolSetting {
  readonly path: string
  readonly before: Pages
  readonly value: Pages
  /** Whether it is one node's part of a growth, so that other nodes may make up for it. */
  readonly isShare?: true
  /** Whether it only turns surplus pages into persistent ones. */
  readonly convertsSurplus?: true
  /** Whether it frees no page, and makes surplus of pages in use. */
  readonly makesSurplus?: true
  /** Whether it is written after a stop or a failure too, once surplus has become persistent. */
  readonly settles?: true
  /** Whether it makes surplus again on a node that no count sets. */
  readonly lends?: true
  /** The memory policy that the writing thread has to have. */
  readonly policy?: Policy
}

export interface RequestedSetting extends PoolSetting {
  readonly requested: Pages
  /** What is asked of the kernel, where that is less than what was requested. */
  readonly planned?: Pages
}

/** The memory that has to remain available, on a node or on the machine as a whole. */
export interface MemoryMinimum {
  readonly node?: NodeId
  readonly leave: Bytes
}

export interface PoolPlan {
  /** The steps in the order of execution: what shrinks before what grows, larger pages first. */
  readonly steps: readonly PoolStep[]
  /** Every requested number, including those that the machine has already. */
  readonly settings: readonly RequestedSetting[]
  /** What a call that keeps going leaves out, or cuts; the cut ones are settings as well. */
  readonly leftOut?: readonly PartLeftOut[]
  /** The limits that growths were checked against; empty where the kernel is to try regardless. */
  readonly memoryMinimums: readonly MemoryMinimum[]
  /** Sentences to print before anything is written. */
  readonly notes: readonly string[]
  /** Sentences for a dry run alone. A real run says afterwards what it did. */
  readonly forecast?: readonly string[]
  /** The pages that would stay as surplus. */
  readonly held?: readonly HeldPages[]
  /** Sentences that tell why the plan is known not to do all that was asked for. */
  readonly obstacles?: readonly string[]
}

export const grows = (step: Pick<PoolStep, 'before' | 'value'>): boolean => step.value > step.before

const attributeOf = (setting: PoolSetting, policy: Policy | undefined): PoolAttribute => {
  if (setting.attribute === 'overcommit') return 'nr_overcommit_hugepages'
  return policy === undefined ? 'nr_hugepages' : 'nr_hugepages_mempolicy'
}

export const stepFor = (
  setting: PoolSetting,
  before: Pages,
  value: Pages,
  policy?: Policy,
): PoolStep =>
  present({
    ...setting,
    path: attributePath(attributeOf(setting, policy), setting.size, setting.node),
    before,
    value,
    policy,
  })

/**
 * Returns the place of a step in the order: surplus that becomes persistent comes first, then
 * shrinks, the pools of `growFirst`, growths, and pages that become surplus.
 */
const rankOf = (step: PoolStep, growFirst: ReadonlySet<PageSize>): number => {
  if (step.convertsSurplus) return -1
  if (step.makesSurplus) return 4
  if (growFirst.has(step.size)) return grows(step) ? 1 : 2
  return grows(step) ? 3 : 0
}

/** A write for a whole pool comes before those for its nodes. */
const placeOf = ({ node = -1 }: PoolStep): number => node

const byOrder =
  (growFirst: ReadonlySet<PageSize>) =>
  (a: PoolStep, b: PoolStep): number => {
    const [first, second] = [rankOf(a, growFirst), rankOf(b, growFirst)]
    if (first !== second) return first - second
    if (a.size !== b.size) return a.size > b.size ? -1 : 1
    // A node that has more pages is written later: others may have more surplus by then.
    if (a.makesSurplus && a.before !== b.before) return a.before < b.before ? -1 : 1
    return placeOf(a) - placeOf(b)
  }

/**
 * Sorts steps. Shrinks come first because they free the memory that growths need. Larger pages come
 * first because smaller ones break up the contiguous memory that larger ones need. A pool of
 * `growFirst` grows on some nodes before it shrinks on others: its shrink would leave fewer free
 * pages than are reserved, and the kernel would turn them into surplus. Pages in use become surplus
 * last: kernels before 6.16 would keep as many free pages, and those before 6.7 would add as many
 * to what is written for another node.
 */
export const inOrder = (
  steps: readonly PoolStep[],
  growFirst: ReadonlySet<PageSize> = new Set(),
): readonly PoolStep[] => [...steps].sort(byOrder(growFirst))

export const echoLine = (path: string, value: Pages | string, policy?: Policy): string =>
  policy === undefined
    ? `echo ${value} > ${path}`
    : `numactl ${numactlOption(policy)} sh -c 'echo ${value} > ${path}'`
