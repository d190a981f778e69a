import { shellWord } from '../etc/shell-word.ts'
import { formatBytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'

/** Flags of a mount that hugepool sets; each has an opposite that is the kernel's default. */
export const mountFlags = ['ro', 'nosuid', 'nodev', 'noexec'] as const

export type MountFlag = (typeof mountFlags)[number]

/** A hugetlbfs mount as it is to be: what was asked for in the kernel's own units. */
export interface DesiredMount {
  readonly target: string
  readonly pageSize: PageSize
  /** Bytes, whole pages, at least one. */
  readonly size?: bigint
  /** Bytes, whole pages. */
  readonly minSize?: bigint
  readonly inodes?: bigint
  readonly uid: number
  readonly gid: number
  /** Octal, four digits: `0755`. */
  readonly mode: string
  /** In the order of `mountFlags`. */
  readonly flags: readonly MountFlag[]
}

/** One property that is not as it should be. */
export interface MountDifference {
  /** As the kernel calls the option; `flags` for all flags together. */
  readonly option: string
  readonly wanted: string
  readonly found: string
}

type Options = readonly (readonly [key: string, value: string])[]

/** The options of fs/hugetlbfs/inode.c, in the order in which the kernel shows them. */
export const fileSystemOptions = (desired: DesiredMount): Options => [
  ['uid', `${desired.uid}`],
  ['gid', `${desired.gid}`],
  ['mode', desired.mode],
  ...(desired.inodes === undefined ? [] : [['nr_inodes', `${desired.inodes}`] as const]),
  ['pagesize', formatBytes(desired.pageSize)],
  ...(desired.size === undefined ? [] : [['size', `${desired.size}`] as const]),
  ...(desired.minSize === undefined ? [] : [['min_size', `${desired.minSize}`] as const]),
]

/** Options as mount(8) and fstab(5) take them. */
export const mountOptionText = (desired: DesiredMount): string =>
  [...desired.flags, ...fileSystemOptions(desired).map(([key, value]) => `${key}=${value}`)].join(
    ',',
  )

/** What is mounted without a device has this word in the place of one. */
export const noSource = 'none'

/** The line for a shell that makes the same mount. */
export const mountLine = (desired: DesiredMount): string =>
  `mount -t hugetlbfs -o ${mountOptionText(desired)} ${noSource} ${shellWord(desired.target)}`

/** The flags among the options of a mount. */
export const flagsOf = ({ options }: HugetlbfsMount): readonly MountFlag[] => {
  const words = options.split(',')
  return mountFlags.filter((flag) => words.includes(flag))
}

const unset = '-'
const bytesText = (bytes: bigint | undefined): string =>
  bytes === undefined ? unset : formatBytes(bytes)
const flagsText = (flags: readonly MountFlag[]): string => flags.join(',') || unset

/** By option: what is wanted and what is there, in words. */
const compared = (desired: DesiredMount, mount: HugetlbfsMount): readonly MountDifference[] => [
  { option: 'pagesize', wanted: bytesText(desired.pageSize), found: bytesText(mount.pageSize) },
  { option: 'size', wanted: bytesText(desired.size), found: bytesText(mount.size) },
  { option: 'min_size', wanted: bytesText(desired.minSize), found: bytesText(mount.minSize) },
  {
    option: 'nr_inodes',
    wanted: `${desired.inodes ?? unset}`,
    found: `${mount.inodes ?? unset}`,
  },
  { option: 'uid', wanted: `${desired.uid}`, found: `${mount.uid}` },
  { option: 'gid', wanted: `${desired.gid}`, found: `${mount.gid}` },
  { option: 'mode', wanted: desired.mode, found: mount.mode },
  { option: 'flags', wanted: flagsText(desired.flags), found: flagsText(flagsOf(mount)) },
]

/** Everything in which a mount is not what is wished. */
export const mountDifferences = (
  desired: DesiredMount,
  mount: HugetlbfsMount,
): readonly MountDifference[] =>
  compared(desired, mount).filter(({ wanted, found }) => wanted !== found)

export const differenceWords = ({ option, wanted, found }: MountDifference): string =>
  `${option}: ${found} instead of ${wanted}`
