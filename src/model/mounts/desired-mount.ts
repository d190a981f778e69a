import { shellWord } from '../etc/shell-word.ts'
import { formatBytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'

/** Flags of a mount that hugepool sets; each has an opposite that is the kernel's default. */
export const mountFlags = ['ro', 'nosuid', 'nodev', 'noexec'] as const

export type MountFlag = (typeof mountFlags)[number]

/** A hugetlbfs mount as it is to be: what was asked for in the kernel's own units. */
export interface MountWish {
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
export interface Difference {
  /** As the kernel calls the option; `flags` for all flags together. */
  readonly option: string
  readonly wanted: string
  readonly found: string
}

type Options = readonly (readonly [key: string, value: string])[]

/** The options of fs/hugetlbfs/inode.c, in the order in which the kernel shows them. */
export const fileSystemOptions = (wish: MountWish): Options => [
  ['uid', `${wish.uid}`],
  ['gid', `${wish.gid}`],
  ['mode', wish.mode],
  ...(wish.inodes === undefined ? [] : [['nr_inodes', `${wish.inodes}`] as const]),
  ['pagesize', formatBytes(wish.pageSize)],
  ...(wish.size === undefined ? [] : [['size', `${wish.size}`] as const]),
  ...(wish.minSize === undefined ? [] : [['min_size', `${wish.minSize}`] as const]),
]

/** Options as mount(8) and fstab(5) take them. */
export const mountOptionText = (wish: MountWish): string =>
  [...wish.flags, ...fileSystemOptions(wish).map(([key, value]) => `${key}=${value}`)].join(',')

/** What is mounted without a device has this word in the place of one. */
export const noSource = 'none'

/** The line for a shell that makes the same mount. */
export const mountLine = (wish: MountWish): string =>
  `mount -t hugetlbfs -o ${mountOptionText(wish)} ${noSource} ${shellWord(wish.target)}`

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
const compared = (wish: MountWish, mount: HugetlbfsMount): readonly Difference[] => [
  { option: 'pagesize', wanted: bytesText(wish.pageSize), found: bytesText(mount.pageSize) },
  { option: 'size', wanted: bytesText(wish.size), found: bytesText(mount.size) },
  { option: 'min_size', wanted: bytesText(wish.minSize), found: bytesText(mount.minSize) },
  {
    option: 'nr_inodes',
    wanted: `${wish.inodes ?? unset}`,
    found: `${mount.inodes ?? unset}`,
  },
  { option: 'uid', wanted: `${wish.uid}`, found: `${mount.uid}` },
  { option: 'gid', wanted: `${wish.gid}`, found: `${mount.gid}` },
  { option: 'mode', wanted: wish.mode, found: mount.mode },
  { option: 'flags', wanted: flagsText(wish.flags), found: flagsText(flagsOf(mount)) },
]

/** Everything in which a mount is not what is wished. */
export const differences = (wish: MountWish, mount: HugetlbfsMount): readonly Difference[] =>
  compared(wish, mount).filter(({ wanted, found }) => wanted !== found)

export const differenceWords = ({ option, wanted, found }: Difference): string =>
  `${option}: ${found} instead of ${wanted}`
