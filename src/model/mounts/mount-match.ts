import { findPool, type Pool } from '../pools/machine.ts'
import {
  comparedOptions,
  type DesiredMount,
  flagOpposites,
  flagsOf,
  type MountDifference,
  type MountFlag,
  mountDifferences,
  mountFlags,
} from './desired-mount.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'
import { changedFlags, usualFlags } from './mount-flags.ts'
import { desiredMount, type MountRequest } from './mount-request.ts'

/** How an existing mount compares with a request. */
export interface MountMatch {
  /** Every option that was asked for, as it is wanted and found. */
  readonly asked: readonly MountDifference[]
  /** The options that were asked for and that the mount has with another value. */
  readonly different: readonly MountDifference[]
  /** The options that were not asked for and that a new mount would have with another value. */
  readonly unasked: readonly MountDifference[]
}

/** The options that words of a request can ask for, by the kernel's names. */
const askable: readonly (readonly [option: string, isAsked: (of: MountRequest) => boolean])[] = [
  ['pagesize', ({ pageSize }) => pageSize !== 'default'],
  ['size', ({ size }) => size !== undefined],
  ['min_size', ({ minSize }) => minSize !== undefined],
  ['nr_inodes', ({ inodes }) => inodes !== undefined],
  ['uid', ({ user }) => user !== undefined],
  ['gid', ({ group }) => group !== undefined],
  ['mode', ({ mode }) => mode !== undefined],
]

/** The options of the kernel that a request asks for, without flags. */
export const askedOptions = (request: MountRequest): readonly string[] =>
  askable.filter(([, isAsked]) => isAsked(request)).map(([option]) => option)

/**
 * Returns the mount that a request means. Without a page size in it, the limits are whole pages or
 * shares of the pool of the existing mount.
 */
const desiredAs = (
  request: MountRequest,
  owner: Pick<DesiredMount, 'uid' | 'gid'>,
  pools: readonly Pool[],
  { pageSize }: HugetlbfsMount,
): DesiredMount =>
  desiredMount(request.pageSize === 'default' ? { ...request, pageSize } : request, owner, pools)

/**
 * Compares a mount with a request. Of the flags, only those that the request names are compared.
 */
export const matchMount = (
  request: MountRequest,
  owner: Pick<DesiredMount, 'uid' | 'gid'>,
  pools: readonly Pool[],
  found: HugetlbfsMount,
): MountMatch => {
  const desired = desiredAs(request, owner, pools, found)
  const flags = changedFlags(request.flagWords, flagsOf(found))
  const asked = [...askedOptions(request), 'flags']
  const usual = {
    ...desired,
    pageSize: findPool({ pools }, request.pageSize).size,
    // A flag that the request names is no difference that nobody asked for.
    flags: unaskedFlags(request.flagWords, found),
  }
  const compared = comparedOptions({ ...desired, flags }, found)
  return {
    asked: compared.filter(
      ({ option }) => asked.includes(option) && (option !== 'flags' || request.flagWords !== ''),
    ),
    different: compared.filter(
      ({ option, wanted, found: now }) => asked.includes(option) && wanted !== now,
    ),
    unasked: mountDifferences(usual, found).filter(
      ({ option }) => option === 'flags' || !asked.includes(option),
    ),
  }
}

/** Returns the flags of a mount, with the usual ones in place of those that no word names. */
const unaskedFlags = (words: string, found: HugetlbfsMount): readonly MountFlag[] => {
  const all = changedFlags(words, mountFlags)
  const none = changedFlags(words, [])
  const named = mountFlags.filter((flag) => all.includes(flag) === none.includes(flag))
  const there = flagsOf(found)
  return mountFlags.filter((flag) => (named.includes(flag) ? there : usualFlags).includes(flag))
}

/** Returns the flags in a text that lists them; the text `-` stands for none. */
const flagsIn = (text: string): readonly MountFlag[] =>
  mountFlags.filter((flag) => text.split(',').includes(flag))

const flagWordsOf = ({ wanted, found }: MountDifference): readonly string[] => {
  const [usual, there] = [flagsIn(wanted), flagsIn(found)]
  const lacking = usual.filter((flag) => !there.includes(flag))
  const extra = there.filter((flag) => !usual.includes(flag))
  const words = [...lacking, ...extra.map((flag) => flagOpposites[flag])].join(',')
  return [
    ...(lacking.length === 0 ? [] : [`without ${lacking.join(',')}`]),
    ...(extra.length === 0 ? [] : [`with ${extra.join(',')}`]),
    `; --remount --options ${words} sets ${lacking.length + extra.length === 1 ? 'it' : 'them'}`,
  ]
}

/** Says that a directory is mounted as asked for, and which of its options nobody asked for. */
export const alreadyWords = (target: string, unasked: readonly MountDifference[]): string => {
  if (unasked.length === 0) return `${target}: already mounted with these options`
  const others = unasked.filter(({ option }) => option !== 'flags')
  const flags = unasked.filter(({ option }) => option === 'flags').flatMap(flagWordsOf)
  const shown = others.map(({ option, found }) => `${option}=${found}`).join(',')
  const pieces = [
    ...(shown === '' ? [] : [`with ${shown}`]),
    ...flags.filter((word) => !word.startsWith(';')),
  ]
  const advice = flags.find((word) => word.startsWith(';')) ?? ''
  return `${target}: already mounted, ${pieces.join(' and ')}${advice}`
}
