import { type HugepoolError, refused, unsupported } from '../../errors.ts'
import { shellWord } from '../etc/shell-word.ts'
import type { Pool } from '../pools/machine.ts'
import { present } from '../words/present.ts'
import {
  type DesiredMount,
  differenceWords,
  flagsOf,
  type MountDifference,
  type MountFlag,
  mountDifferences,
  mountLine,
} from './desired-mount.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'
import { changedFlags, checkRoom, desiredMount, type MountRequest } from './mount-request.ts'

/** The actions that a request may take. */
export interface MountPermissions {
  /** Whether missing directories may be made. */
  readonly mkdir: boolean
  /** Whether the flags of an existing mount may be changed. */
  readonly remount: boolean
  /** Whether the mount may hide what is on the path. */
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
  | { readonly kind: 'unchanged'; readonly desired: DesiredMount; readonly mount: HugetlbfsMount }
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

const overHint = '--over mounts over it and hides it'

const checkTarget = (
  { target }: MountRequest,
  { kind, mount }: TargetState,
  options: MountPermissions,
): void => {
  if (kind === 'link')
    throw refused(`${target}: is a symbolic link`, 'name the directory that it leads to')
  if (kind === 'file') throw refused(`${target}: is not a directory`)
  if (kind === 'missing' && !options.mkdir)
    throw refused(`${target}: no such directory`, '--mkdir makes it')
  if (options.over) return
  const bound = mount?.hugetlbfs?.bound
  if (bound !== undefined)
    throw refused(`${target}: ${shellWord(bound)} of another hugetlbfs is bound there`, overHint)
  if (mount !== undefined) throw refused(`${target}: ${mount.type} is mounted there`, overHint)
  if (kind === 'full') throw refused(`${target}: the directory is not empty`, overHint)
}

/**
 * Lists the options of a request that a remount cannot change. The kernel accepts them and ignores
 * them, because fs/hugetlbfs/inode.c has no reconfigure.
 */
const fixedOptions = (request: MountRequest): readonly string[] =>
  [
    request.pageSize === 'default' ? [] : ['--pagesize'],
    request.size ? ['--size'] : [],
    request.minSize ? ['--min-size'] : [],
    request.inodes === undefined ? [] : ['--nr-inodes'],
    request.user === undefined ? [] : ['--uid'],
    request.group === undefined ? [] : ['--gid'],
    request.mode === undefined ? [] : ['--mode'],
  ].flat()

const asFound = (mount: HugetlbfsMount, flags: readonly MountFlag[]): DesiredMount =>
  present({
    target: mount.target,
    pageSize: mount.pageSize,
    size: mount.size,
    minSize: mount.minSize,
    inodes: mount.inodes,
    uid: mount.uid,
    gid: mount.gid,
    mode: mount.mode,
    flags,
  })

const planRemount = (request: MountRequest, { mount }: TargetState): MountPlan => {
  const found = mount?.hugetlbfs
  if (found === undefined)
    throw refused(
      `${request.target}: no hugetlbfs is mounted there`,
      'without --remount one is mounted',
    )
  const [fixed] = fixedOptions(request)
  if (fixed !== undefined)
    throw refused(
      `${request.target}: a remount does not change ${fixed}: mount anew`,
      `'hugepool umount ${shellWord(request.target)}', and then mount with other limits`,
    )
  const before = flagsOf(found)
  const flags = changedFlags(request.flagWords, before)
  const desired = asFound(found, flags)
  return flags.join() === before.join()
    ? { kind: 'unchanged', desired, mount: found }
    : { kind: 'remount', desired, mount: found, flags }
}

const needsRemount = (
  { target }: DesiredMount,
  different: readonly MountDifference[],
): HugepoolError =>
  refused(
    `${target}: is mounted with other options: ${different.map(differenceWords).join(', ')}`,
    `flags can be changed with --remount, all else by 'hugepool umount ${shellWord(target)}' first`,
  )

/**
 * Plans what a request needs. Throws E_REFUSED where the mount would hide something, where its
 * limit would not hold or where it needs pages that are not available. Throws E_USAGE for limits
 * that contradict each other.
 */
export const planMount = (
  request: MountRequest,
  options: MountPermissions,
  { pools, state, owner }: MountFacts,
): MountPlan => {
  if (options.remount) return planRemount(request, state)
  if (request.target === '/') throw unsupported('/: cannot be mounted over')
  const desired = desiredMount(request, owner, pools)
  const found = state.mount?.hugetlbfs
  if (found !== undefined && found.bound === undefined) {
    const different = mountDifferences(desired, found)
    if (different.length === 0) return { kind: 'unchanged', desired, mount: found }
    if (!options.over) throw needsRemount(desired, different)
  }
  checkTarget(request, state, options)
  checkRoom(desired, pools, request.minSize)
  return { kind: 'mount', desired, directories: state.missing }
}

const remountLine = ({ desired, flags }: Extract<MountPlan, { kind: 'remount' }>): string => {
  const cleared = { ro: 'rw', nosuid: 'suid', nodev: 'dev', noexec: 'exec' } as const
  const words = (Object.keys(cleared) as MountFlag[]).map((flag) =>
    flags.includes(flag) ? flag : cleared[flag],
  )
  return `mount -o remount,${words.join(',')} ${shellWord(desired.target)}`
}

/** The shell lines that do the same. */
export const mountLines = (plan: MountPlan): readonly string[] => {
  if (plan.kind === 'unchanged') return []
  if (plan.kind === 'remount') return [remountLine(plan)]
  return [
    ...plan.directories.map((directory) => `mkdir ${shellWord(directory)}`),
    mountLine(plan.desired),
  ]
}
