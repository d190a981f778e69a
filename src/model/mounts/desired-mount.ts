import { shellWord } from '../etc/shell-word.ts'
import { formatBytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'

/** The mount flags that hugepool sets. Each has an opposite that is the kernel's default. */
export const mountFlags = ['ro', 'nosuid', 'nodev', 'noexec'] as const

export type MountFlag = (typeof mountFlags)[number]

/** The word of mount(8) that clears a flag. */
export const flagOpposites: Readonly<Record<MountFlag, string>> = {
  ro: 'rw',
  nosuid: 'suid',
  nodev: 'dev',
  noexec: 'exec',
}

/** A hugetlbfs mount as it should be, with the request converted to the kernel's units. */
export interface DesiredMount {
  readonly target: string
  readonly pageSize: PageSize
  /** The size limit in bytes: a whole number of pages, at least one. */
  readonly size?: bigint
  /** The guaranteed minimum in bytes: a whole number of pages. */
  readonly minSize?: bigint
  readonly inodes?: bigint
  readonly uid: number
  readonly gid: number
  /** The permissions as four octal digits: `0755`. */
  readonly mode: string
  /** The flags that are set, in the order of `mountFlags`. */
  readonly flags: readonly MountFlag[]
}

/** One option of a mount that differs from the desired one. */
export interface MountDifference {
  /** The kernel's name of the option, or `flags` for all flags together. */
  readonly option: string
  readonly wanted: string
  readonly found: string
}

type Options = readonly (readonly [key: string, value: string])[]

/** The options that fs/hugetlbfs/inode.c reads, in the order in which the kernel shows them. */
export const fileSystemOptions = (desired: DesiredMount): Options => [
  ['uid', `${desired.uid}`],
  ['gid', `${desired.gid}`],
  ['mode', desired.mode],
  ...(desired.inodes === undefined ? [] : [['nr_inodes', `${desired.inodes}`] as const]),
  ['pagesize', formatBytes(desired.pageSize)],
  ...(desired.size === undefined ? [] : [['size', `${desired.size}`] as const]),
  ...(desired.minSize === undefined ? [] : [['min_size', `${desired.minSize}`] as const]),
]

/** The options in the form that mount(8) and fstab(5) take. */
export const mountOptionText = (desired: DesiredMount): string =>
  [...desired.flags, ...fileSystemOptions(desired).map(([key, value]) => `${key}=${value}`)].join(
    ',',
  )

/** The word that stands in the place of a device for a mount that has none. */
export const noSource = 'none'

/** The shell line that makes the same mount. */
export const mountLine = (desired: DesiredMount): string =>
  `mount -t hugetlbfs -o ${mountOptionText(desired)} ${noSource} ${shellWord(desired.target)}`

/** The flags that are among the options of a mount. */
export const flagsOf = ({ options }: HugetlbfsMount): readonly MountFlag[] => {
  const words = options.split(',')
  return mountFlags.filter((flag) => words.includes(flag))
}

const unset = '-'
const bytesText = (bytes: bigint | undefined): string =>
  bytes === undefined ? unset : formatBytes(bytes)
const flagsText = (flags: readonly MountFlag[]): string => flags.join(',') || unset

/** One option of a mount by the kernel's name, and its value as text; `flags` are all flags together. */
export interface OptionText {
  readonly option: string
  readonly text: string
}

/** Every option of a mount, and `-` for those that are not set. */
export const optionTexts = (mount: Omit<DesiredMount, 'target'>): readonly OptionText[] => [
  { option: 'pagesize', text: bytesText(mount.pageSize) },
  { option: 'size', text: bytesText(mount.size) },
  { option: 'min_size', text: bytesText(mount.minSize) },
  { option: 'nr_inodes', text: `${mount.inodes ?? unset}` },
  { option: 'uid', text: `${mount.uid}` },
  { option: 'gid', text: `${mount.gid}` },
  { option: 'mode', text: mount.mode },
  { option: 'flags', text: flagsText(mount.flags) },
]

/** Lists for every option the wanted and the found value as text. */
export const comparedOptions = (
  desired: DesiredMount,
  mount: HugetlbfsMount,
): readonly MountDifference[] => {
  const found = optionTexts({ ...mount, flags: flagsOf(mount) })
  return optionTexts(desired).map(({ option, text }, index) => ({
    option,
    wanted: text,
    found: found[index]?.text ?? unset,
  }))
}

/** Returns the options in which a mount differs from the desired one. */
export const mountDifferences = (
  desired: DesiredMount,
  mount: HugetlbfsMount,
): readonly MountDifference[] =>
  comparedOptions(desired, mount).filter(({ wanted, found }) => wanted !== found)

export const differenceWords = ({ option, wanted, found }: MountDifference): string =>
  `${option}: ${found} instead of ${wanted}`

/** Returns a mount that is there as a desired one, with the flags that it has or should get. */
export const asFound = (mount: HugetlbfsMount, flags: readonly MountFlag[]): DesiredMount =>
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
