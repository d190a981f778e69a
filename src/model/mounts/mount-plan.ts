import { type HugepoolError, refused, unsupported } from '../../errors.ts'
import { shellWord } from '../etc/shell-word.ts'
import type { Pool } from '../pools/machine.ts'
import { present } from '../words/present.ts'
import {
  type Difference,
  differences,
  differenceWords,
  flagsOf,
  type MountFlag,
  type MountWish,
  mountLine,
} from './desired-mount.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'
import { changedFlags, checkRoom, type MountRequest, wishOf } from './mount-request.ts'

/** How far a request may go. */
export interface MountOptions {
  /** Make directories that are missing. */
  readonly mkdir: boolean
  /** Change the flags of a mount that is there. */
  readonly remount: boolean
  /** Mount over what is there. */
  readonly over: boolean
}

/** What is on the path now. */
export interface Place {
  readonly kind: 'missing' | 'link' | 'file' | 'empty' | 'full'
  /** Directories that are missing, the outermost first. */
  readonly missing: readonly string[]
  /** The topmost mount on just this path. */
  readonly mount?: { readonly type: string; readonly hugetlbfs?: HugetlbfsMount }
}

export type MountPlan =
  | { readonly kind: 'unchanged'; readonly wish: MountWish; readonly mount: HugetlbfsMount }
  | {
      readonly kind: 'remount'
      readonly wish: MountWish
      readonly mount: HugetlbfsMount
      readonly flags: readonly MountFlag[]
    }
  | {
      readonly kind: 'mount'
      readonly wish: MountWish
      /** Directories to make, the outermost first. */
      readonly directories: readonly string[]
    }

export interface MountFacts {
  readonly pools: readonly Pool[]
  readonly place: Place
  readonly owner: Pick<MountWish, 'uid' | 'gid'>
}

const over = '--over mounts over it and hides it'

const checkPlace = (
  { target }: MountRequest,
  { kind, mount }: Place,
  options: MountOptions,
): void => {
  if (kind === 'link')
    throw refused(`${target}: is a symbolic link`, 'name the directory that it leads to')
  if (kind === 'file') throw refused(`${target}: is not a directory`)
  if (kind === 'missing' && !options.mkdir)
    throw refused(`${target}: no such directory`, '--mkdir makes it')
  if (options.over) return
  const bound = mount?.hugetlbfs?.bound
  if (bound !== undefined)
    throw refused(`${target}: ${shellWord(bound)} of another hugetlbfs is bound there`, over)
  if (mount !== undefined) throw refused(`${target}: ${mount.type} is mounted there`, over)
  if (kind === 'full') throw refused(`${target}: the directory is not empty`, over)
}

/** What a remount of hugetlbfs accepts, and ignores (fs/hugetlbfs/inode.c has no reconfigure). */
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

const asFound = (mount: HugetlbfsMount, flags: readonly MountFlag[]): MountWish =>
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

const planRemount = (request: MountRequest, { mount }: Place): MountPlan => {
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
  const wish = asFound(found, flags)
  return flags.join() === before.join()
    ? { kind: 'unchanged', wish, mount: found }
    : { kind: 'remount', wish, mount: found, flags }
}

const otherwise = ({ target }: MountWish, different: readonly Difference[]): HugepoolError =>
  refused(
    `${target}: is mounted with other options: ${different.map(differenceWords).join(', ')}`,
    `flags can be changed with --remount, all else by 'hugepool umount ${shellWord(target)}' first`,
  )

/**
 * What has to be done for a request. Throws E_REFUSED where it would hide something, lie about a
 * limit or need pages that are not there, E_USAGE for limits that contradict each other.
 */
export const planMount = (
  request: MountRequest,
  options: MountOptions,
  { pools, place, owner }: MountFacts,
): MountPlan => {
  if (options.remount) return planRemount(request, place)
  if (request.target === '/') throw unsupported('/: cannot be mounted over')
  const wish = wishOf(request, owner, pools)
  const found = place.mount?.hugetlbfs
  if (found !== undefined && found.bound === undefined) {
    const different = differences(wish, found)
    if (different.length === 0) return { kind: 'unchanged', wish, mount: found }
    if (!options.over) throw otherwise(wish, different)
  }
  checkPlace(request, place, options)
  checkRoom(wish, pools, request.minSize)
  return { kind: 'mount', wish, directories: place.missing }
}

const remountLine = ({ wish, flags }: Extract<MountPlan, { kind: 'remount' }>): string => {
  const cleared = { ro: 'rw', nosuid: 'suid', nodev: 'dev', noexec: 'exec' } as const
  const words = (Object.keys(cleared) as MountFlag[]).map((flag) =>
    flags.includes(flag) ? flag : cleared[flag],
  )
  return `mount -o remount,${words.join(',')} ${shellWord(wish.target)}`
}

/** The lines for a shell that do the same. */
export const mountLines = (plan: MountPlan): readonly string[] => {
  if (plan.kind === 'unchanged') return []
  if (plan.kind === 'remount') return [remountLine(plan)]
  return [
    ...plan.directories.map((directory) => `mkdir ${shellWord(directory)}`),
    mountLine(plan.wish),
  ]
}
