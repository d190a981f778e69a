import { type HugepoolError, objectionOf, throwAll } from '../../errors.ts'
import { checkMakeable } from '../../kernel/mounts/mount-directories.ts'
import { readPools } from '../../kernel/pools/pools.ts'
import { isLive } from '../../kernel/tree.ts'
import {
  type DesiredMount,
  type MountDifference,
  mountDifferences,
} from '../../model/mounts/desired-mount.ts'
import type { HugetlbfsMount } from '../../model/mounts/hugetlbfs-mount.ts'
import { mountLines } from '../../model/mounts/mount-lines.ts'
import { alreadyWords } from '../../model/mounts/mount-match.ts'
import {
  type JudgedPlan,
  judgeMount,
  type MountPermissions,
  type MountPlan,
} from '../../model/mounts/mount-plan.ts'
import type { MountRequest } from '../../model/mounts/mount-request.ts'
import type { PersistKind } from '../../model/mounts/persist/persist-facts.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { carryOutMount } from './carry-out-mount.ts'
import type { KeptMounts } from './kept-mounts.ts'
import { lookAtMount, readMountBack } from './look-at-mount.ts'
import { objectionsToPersist, persistMount } from './persist-mount.ts'
import { persistOrUndo, type Unpersisted } from './persist-or-undo.ts'
import type { PersistResult } from './persist-result.ts'

export interface MountOptions extends MountPermissions {
  readonly dryRun: boolean
  /** What mounts the directory at every start of the machine. */
  readonly persist?: PersistKind
  /** What the configuration says; needed with `persist`, so that nothing is mounted twice. */
  readonly kept?: KeptMounts
}

export type MountResult =
  | {
      readonly kind: 'dry-run'
      readonly target: string
      /** Whether a real run would mount or remount. */
      readonly acts: boolean
      /**
       * The errors that a real run would end with for want of a right: in /etc, and above a new
       * directory.
       */
      readonly denied?: HugepoolError
      readonly directoryDenied?: HugepoolError
      readonly lines: readonly string[]
      readonly words: readonly string[]
      readonly persisted?: PersistResult
    }
  | {
      readonly kind: 'mounted'
      readonly outcome: 'done' | 'unchanged' | 'partial'
      /** The mount as the kernel shows it afterwards. */
      readonly mount: HugetlbfsMount
      /** The properties in which the mount differs from what was asked for. */
      readonly different: readonly MountDifference[]
      /**
       * The properties of a mount that was there already which nobody asked for and a new one would
       * not have.
       */
      readonly unasked: readonly MountDifference[]
      readonly desired: DesiredMount
      readonly persisted?: PersistResult
      /** The mount stays, though what mounts it at every start could not be written. */
      readonly unpersisted?: Unpersisted
    }

const planFor = ({ tree }: Ports, request: MountRequest, options: MountPermissions): JudgedPlan => {
  const found = readPools(tree, false)
  const looked = lookAtMount(tree, request, found)
  return judgeMount(looked.request, options, { ...looked.facts, pools: found.pools })
}

const unaskedOf = (plan: MountPlan): readonly MountDifference[] =>
  plan.kind === 'unchanged' ? plan.unasked : []

type MadeMount = Extract<MountResult, { kind: 'mounted' }>

const mountOutcome = (
  plan: MountPlan,
  different: readonly MountDifference[],
  { persisted, unpersisted }: Pick<MadeMount, 'persisted' | 'unpersisted'>,
) => {
  if (different.length > 0 || unpersisted !== undefined) return 'partial'
  return plan.kind === 'unchanged' && persisted?.outcome !== 'done' ? 'unchanged' : 'done'
}

/** What makes a mount last, if anything does. */
type Lasting = Pick<MountOptions, 'persist' | 'kept'>

/** Finds the errors that a real run on this machine would end with for want of a right. */
const denials = (ports: Ports, plan: MountPlan, { persist: kind, kept }: Lasting) => {
  if (!isLive(ports.tree)) return {}
  const [denied] =
    kind === undefined ? [] : objectionsToPersist(ports, plan.desired, kind, false, kept)
  const directories = plan.kind === 'mount' ? plan.directories : []
  const [directoryDenied] = objectionOf(() => checkMakeable(directories))
  return { denied, directoryDenied }
}

const mountDryRun = async (
  ports: Ports,
  plan: MountPlan,
  lasting: Lasting,
): Promise<MountResult> => {
  const { persist, kept } = lasting
  const run = present({ dryRun: true, wait: true, kept })
  const persisted = persist && (await persistMount(ports, plan.desired, persist, run))
  const lines = [...mountLines(plan), ...(persisted?.lines ?? [])]
  const unasked = unaskedOf(plan)
  const { target } = plan.desired
  const words = unasked.length > 0 ? [alreadyWords(target, unasked)] : []
  const acts = plan.kind !== 'unchanged'
  return present({
    kind: 'dry-run',
    target,
    acts,
    lines,
    words,
    persisted,
    ...denials(ports, plan, lasting),
  })
}

const mountNow = async (
  ports: Ports,
  plan: MountPlan,
  { persist, kept }: Lasting,
): Promise<MountResult> => {
  const { desired } = plan
  if ((plan.kind !== 'unchanged' || persist !== undefined) && !isLive(ports.tree)) ports.native()
  const undo = carryOutMount(ports, plan)
  const found = readMountBack(ports.tree, desired)
  const different = mountDifferences(desired, found)
  const made = persist && (await persistOrUndo(ports, desired, persist, undo, kept))
  const lasting = made === undefined || 'persisted' in made ? { ...made } : { unpersisted: made }
  return present({
    kind: 'mounted',
    outcome: mountOutcome(plan, different, lasting),
    mount: found,
    different,
    unasked: unaskedOf(plan),
    desired,
    ...lasting,
  })
}

/**
 * Mounts hugetlbfs, reads the mount back and compares it with what was asked for. With `persist`
 * the directory is mounted at every start too; where that is impossible, nothing is done at all.
 * The lock is held throughout: otherwise two calls at once would both find nothing mounted on the
 * directory, and stack their mounts.
 */
export const mountDirectory = async (
  ports: Ports,
  request: MountRequest,
  { dryRun, persist, kept, ...options }: MountOptions,
): Promise<MountResult> => {
  const act = async () => {
    const { plan, objections } = planFor(ports, request, options)
    // An objection to mounting at every start comes first: it may be a reason to mount elsewhere.
    throwAll([
      ...(persist === undefined
        ? []
        : objectionsToPersist(ports, plan.desired, persist, dryRun, kept)),
      ...objections,
    ])
    const lasting = present({ persist, kept })
    return dryRun ? mountDryRun(ports, plan, lasting) : mountNow(ports, plan, lasting)
  }
  return dryRun ? act() : withLock(ports, true, act)
}
