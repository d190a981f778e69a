import type { DesiredMount, MountFlag } from '../mounts/desired-mount.ts'
import { flagOpposites, mountFlags } from '../mounts/desired-mount.ts'
import { usualMountMode } from '../mounts/hugetlbfs-options.ts'
import { usualFlags } from '../mounts/mount-flags.ts'
import type { MountLimit } from '../mounts/mount-limit.ts'
import { type Bytes, largestNumber } from '../words/bytes.ts'
import { present } from '../words/present.ts'
import type { ConfiguredMount } from './configuration.ts'

/** Returns a limit. Linux 7.3 shows a mount that has none with a number above `largestNumber`. */
const byteLimit = (bytes: Bytes | undefined): MountLimit | undefined =>
  bytes === undefined || bytes > largestNumber ? undefined : { kind: 'memory', bytes }

/** Writes the words that make these flags out of the usual ones. */
const unusualFlags = (flags: readonly MountFlag[]): string =>
  mountFlags
    .filter((flag) => flags.includes(flag) !== usualFlags.includes(flag))
    .map((flag) => (flags.includes(flag) ? flag : flagOpposites[flag]))
    .join(',')

const ownerOf = (id: number): string | undefined => (id === 0 ? undefined : `${id}`)

/** Returns what is asked for by a mount, without what is usual. */
export const requestOfMount = ({
  target,
  pageSize,
  size,
  minSize,
  inodes,
  uid,
  gid,
  mode,
  flags,
}: DesiredMount): ConfiguredMount['request'] =>
  present({
    target,
    pageSize,
    size: byteLimit(size),
    minSize: byteLimit(minSize),
    inodes,
    user: ownerOf(uid),
    group: ownerOf(gid),
    mode: mode === usualMountMode ? undefined : mode,
    flagWords: unusualFlags(flags),
  })

/**
 * Returns a mount as a configuration has it. What is usual is left out, and the directory is made
 * where a start does not find it, as systemd does for a unit and for a line of fstab.
 */
export const lastingMount = (desired: DesiredMount): ConfiguredMount => ({
  request: requestOfMount(desired),
  mkdir: true,
  over: false,
})
