import { foundOr, type HugepoolError } from '../../errors.ts'
import {
  readBootMachine,
  readKernelLine,
  readKernelSeries,
} from '../../kernel/boot/read-boot-machine.ts'
import { groupId } from '../../kernel/etc/passwd-and-group.ts'
import { readMemory, readNodes } from '../../kernel/pools/nodes.ts'
import { readPageSizes } from '../../kernel/pools/pools.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import {
  missingHugeTlb,
  missingMeaning,
  parseCounter,
  readIfReadable,
  readText,
} from '../../kernel/read-attribute.ts'
import type { Tree } from '../../kernel/tree.ts'
import { freeVmemmapPath, type KernelLineFacts, wantsLine } from '../../model/config/boot-items.ts'
import type { Configuration, ConfiguredMount } from '../../model/config/configuration.ts'
import {
  overcommitAssignments,
  pagesAssignments,
} from '../../model/config/configured-assignments.ts'
import { type DesiredPlan, planDesired } from '../../model/config/desired-plan.ts'
import { type KnownGroup, shmGroupPath } from '../../model/config/group-step.ts'
import type { KnownMount } from '../../model/config/mount-items.ts'
import { settledSizes } from '../../model/config/settled-pools.ts'
import type { Machine, PoolSet } from '../../model/pools/machine.ts'
import type { PoolPlan } from '../../model/pools/pool-plan.ts'
import type { Assignment } from '../../model/words/assignment.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import { present } from '../../model/words/present.ts'
import { lookAtMount } from '../mounts/look-at-mount.ts'
import { planResizeOn } from '../pools/resize-pools.ts'
import { planOvercommitOn } from '../pools/set-overcommit.ts'

/** What is wanted of a machine, and the memory that has to remain whatever its files say. */
export interface Desired {
  readonly configuration: Configuration
  readonly leave?: Bytes
}

/** Takes a snapshot of a machine without HugeTLB. */
const bareMachine = (tree: Tree): Machine =>
  present({ pools: [], nodes: readNodes(tree), memory: readMemory(tree), largestBlock: 0n })

/** Throws E_UNSUPPORTED without HugeTLB, unless all that is wanted may be missing. */
export const readDesiredMachine = (tree: Tree, { pools, mounts }: Configuration): Machine => {
  if (readPageSizes(tree).length > 0) return readMachine(tree)
  if (mounts.length > 0 || pools.some(({ optional }) => !optional)) throw missingHugeTlb(tree)
  return bareMachine(tree)
}

/**
 * Plans the pages of pools as `resize --keep-going` does, without steps for pools that are as
 * wanted.
 */
export const planPages = (
  tree: Tree,
  machine: Machine,
  { configuration, leave = configuration.leave }: Desired,
): PoolPlan => {
  const wanted = pagesAssignments(machine, configuration.pools)
  const planOf = (assignments: readonly Assignment[]) =>
    planResizeOn(tree, machine, present({ assignments, leave, keepGoing: true }))
  const plan = planOf(wanted)
  const settled = settledSizes(machine, plan)
  if (!plan.steps.some(({ size }) => settled.has(size))) return plan
  const rest = planOf(wanted.filter(({ size }) => size === 'default' || !settled.has(size)))
  const { settings, leftOut = [] } = plan
  return { ...rest, settings, leftOut }
}

/** Plans the overcommit of pools as `overcommit` does, without those that cannot have it. */
export const planOvercommits = (
  tree: Tree,
  machine: Machine,
  { configuration }: Desired,
): PoolPlan => {
  const assignments = overcommitAssignments(configuration.pools)
  return planOvercommitOn(tree, machine, { assignments, keepGoing: true })
}

/**
 * Looks at one thing of many. An error is a part of the answer, so that it hides none of the
 * others.
 */
const lookAtOne = <Fact>(look: () => Fact): Fact | { readonly error: HugepoolError } =>
  foundOr(look, (error) => ({ error }))

/** Looks at the path of a mount. */
export const knownMount = (tree: Tree, { request }: ConfiguredMount, found: PoolSet): KnownMount =>
  lookAtOne(() => lookAtMount(tree, request, found))

const knownGroup = (tree: Tree, word: string): KnownGroup =>
  lookAtOne(() => {
    const text = readText(tree, shmGroupPath, missingMeaning(tree, shmGroupPath))
    const before = parseCounter(text, shmGroupPath)
    return { path: shmGroupPath, before, requested: BigInt(groupId(tree, word)) }
  })

/**
 * Looks at the line of this start. It counts for the next start too where nothing is known of the
 * boot loader.
 */
const readLineFacts = (tree: Tree, nextLine: string | undefined): KernelLineFacts => ({
  line: readKernelLine(tree),
  ...present({ nextLine }),
  series: readKernelSeries(tree),
  bootMachine: readBootMachine(tree),
  freeVmemmap: readIfReadable(tree, freeVmemmapPath),
})

/** Looks at all that a configuration is about, and plans what would be done. Reads only. */
export const readDesiredPlan = (tree: Tree, desired: Desired, nextLine?: string): DesiredPlan => {
  const { configuration } = desired
  const machine = readDesiredMachine(tree, configuration)
  const { shmGroup } = configuration.tune
  return planDesired(configuration, {
    machine,
    pages: planPages(tree, machine, desired),
    overcommit: planOvercommits(tree, machine, desired),
    mounts: configuration.mounts.map((mount) => knownMount(tree, mount, machine)),
    ...present({ group: shmGroup === undefined ? undefined : knownGroup(tree, shmGroup) }),
    ...(wantsLine(configuration) && { kernelLine: readLineFacts(tree, nextLine) }),
  })
}
