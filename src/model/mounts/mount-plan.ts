import { type HugepoolError, objectionOf, refused, throwAll, unsupported } from '../../errors.ts'
import { shellWord } from '../etc/shell-word.ts'
import type { Pool } from '../pools/machine.ts'
import {
  asFound,
  type DesiredMount,
  differenceWords,
  flagsOf,
  type MountDifference,
  type MountFlag,
  mountDifferences,
} from './desired-mount.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'
import { changedFlags } from './mount-flags.ts'
import { removeFirstHint } from './mount-loss.ts'
import { askedOptions, matchMount } from './mount-match.ts'
import { checkRoom, desiredMount, type MountRequest } from './mount-request.ts'

/**
 * The actions that a request may take: to make missing directories, to change the flags of an
 * existing mount, and to hide what is on the path.
 */
export interface MountPermissions {
  readonly mkdir: boolean
  readonly remount: boolean
  readonly over: boolean
}

/** What is at a path: nothing, a link, another file, or a directory, which may have entries. */
export type TargetKind = 'missing' | 'link' | 'file' | 'empty' | 'full'

/** The present state of the path. */
export interface TargetState {
  readonly kind: TargetKind
  /** The missing directories, the outermost first. */
  readonly missing: readonly string[]
  /** The topmost mount on exactly this path. */
  readonly mount?: { readonly type: string; readonly hugetlbfs?: HugetlbfsMount }
}

export type MountPlan =
  | {
      readonly kind: 'unchanged'
      /** The mount as it is. */
      readonly desired: DesiredMount
      readonly mount: HugetlbfsMount
      /** The options that were not asked for and that a new mount would have with another value. */
      readonly unasked: readonly MountDifference[]
    }
  | {
      readonly kind: 'remount'
      readonly desired: DesiredMount
      readonly mount: HugetlbfsMount
      readonly flags: readonly MountFlag[]
    }
  | {
      readonly kind: 'mount'
      readonly desired: DesiredMount
      /** The directories to make, the outermost first. */
      readonly directories: readonly string[]
    }

export interface MountFacts {
  readonly pools: readonly Pool[]
  readonly state: TargetState
  readonly owner: Pick<DesiredMount, 'uid' | 'gid'>
}

const linkHint = 'name the directory that it leads to'
const overHint = '--over mounts over it and hides it'

const checkTarget = (
  { target }: MountRequest,
  { kind, mount }: TargetState,
  options: MountPermissions,
): void => {
  if (kind === 'link') throw refused('wrong-file', `${target}: is a symbolic link`, linkHint)
  if (kind === 'file') throw refused('wrong-file', `${target}: is not a directory`)
  if (kind === 'missing' && !options.mkdir)
    throw refused('no-file', `${target}: no such directory`, '--mkdir makes it')
  if (options.over) return
  const bound = mount?.hugetlbfs?.bound
  if (bound !== undefined)
    throw refused(
      'occupied',
      `${target}: ${shellWord(bound)} of another hugetlbfs is bound there`,
      overHint,
    )
  if (mount !== undefined)
    throw refused('occupied', `${target}: ${mount.type} is mounted there`, overHint)
  if (kind === 'full') throw refused('occupied', `${target}: the directory is not empty`, overHint)
}

const planRemount = (request: MountRequest, { mount }: TargetState): MountPlan => {
  const found = mount?.hugetlbfs
  if (found === undefined)
    throw refused(
      'not-mounted',
      `${request.target}: no hugetlbfs is mounted there`,
      'without --remount one is mounted',
    )
  // A remount accepts these options and ignores them: fs/hugetlbfs/inode.c has no reconfigure.
  const fixed = askedOptions(request).map((option) => `--${option.replace('_', '-')}`)
  if (fixed.length > 0)
    throw refused(
      'other-options',
      `${request.target}: a remount does not change ${fixed.join(', ')}: mount anew`,
      removeFirstHint('with other options, after', found),
    )
  const before = flagsOf(found)
  const flags = changedFlags(request.flagWords, before)
  const desired = asFound(found, flags)
  return flags.join() === before.join()
    ? { kind: 'unchanged', desired, mount: found, unasked: [] }
    : { kind: 'remount', desired, mount: found, flags }
}

const otherOptions = (
  { target, flagWords }: MountRequest,
  found: HugetlbfsMount,
  different: readonly MountDifference[],
): HugepoolError => {
  const byRemount = different.every(({ option }) => option === 'flags')
  return refused(
    'other-options',
    `${target}: is mounted with other options: ${different.map(differenceWords).join(', ')}`,
    byRemount
      ? `change them: hugepool mount ${shellWord(target)} --remount --options ${flagWords}`
      : removeFirstHint('unmount it first', found),
  )
}

/** A plan, and all errors that are in its way, in the order in which they can be mended. */
export interface JudgedPlan {
  readonly plan: MountPlan
  readonly objections: readonly HugepoolError[]
}

/**
 * Judges a request for a directory where a hugetlbfs is mounted. Returns undefined where --over
 * asks for a new mount, unless the existing one equals it in every option.
 */
const judgeFound = (
  request: MountRequest,
  { over }: MountPermissions,
  { pools, owner }: MountFacts,
  found: HugetlbfsMount,
): JudgedPlan | undefined => {
  if (over && mountDifferences(desiredMount(request, owner, pools), found).length > 0)
    return undefined
  const { different, unasked } = matchMount(request, owner, pools, found)
  const desired = asFound(found, flagsOf(found))
  return {
    plan: { kind: 'unchanged', desired, mount: found, unasked },
    objections: different.length === 0 ? [] : [otherOptions(request, found, different)],
  }
}

/**
 * Plans what a request needs, and returns as objections E_REFUSED for a mount that would hide
 * something, that has other options than asked for, or that needs pages which are not available.
 * Throws what leaves no plan: E_USAGE for limits that contradict each other, E_UNSUPPORTED for a
 * page size that does not exist, and E_REFUSED for a remount that is not possible.
 */
export const judgeMount = (
  request: MountRequest,
  options: MountPermissions,
  facts: MountFacts,
): JudgedPlan => {
  const { state, owner, pools } = facts
  if (options.remount) return { plan: planRemount(request, state), objections: [] }
  if (request.target === '/') throw unsupported('wrong-file', '/: cannot be mounted over')
  const found = state.mount?.hugetlbfs
  const isOther = found === undefined || found.bound !== undefined
  const judged = isOther ? undefined : judgeFound(request, options, facts, found)
  if (judged !== undefined) return judged
  const desired = desiredMount(request, owner, pools)
  const checks = [
    () => checkTarget(request, state, options),
    () => checkRoom(desired, pools, request.minSize),
  ]
  return {
    plan: { kind: 'mount', desired, directories: state.missing },
    objections: checks.flatMap(objectionOf),
  }
}

/** Plans what a request needs. Throws what `judgeMount` finds in the way. */
export const planMount = (
  request: MountRequest,
  options: MountPermissions,
  facts: MountFacts,
): MountPlan => {
  const { plan, objections } = judgeMount(request, options, facts)
  throwAll(objections)
  return plan
}
