import type { SegmentRights } from '../../processes/segment-rights.ts'
import { formatBytes } from '../../words/bytes.ts'
import type { Reason } from './fault-facts.ts'
import { tuneLine } from './tune-line.ts'

const known = (value: bigint | string | undefined): string =>
  value === undefined ? '?' : `${value}`

const limits = ({ shmmax, shmall, memlock }: SegmentRights): string =>
  `kernel.shmmax is ${known(shmmax)} bytes, kernel.shmall ${known(shmall)} (in base pages), memlock ${known(memlock)}`

const lockWords = ({ hasIpcLock }: SegmentRights): string => {
  if (hasIpcLock === undefined) return 'whether this process has it cannot be seen'
  return hasIpcLock ? 'this process has it in a user namespace only' : 'this process has it not'
}

/**
 * Returns the command that lets a group make segments; `group` is a name, a number or a
 * placeholder.
 */
export const shmGroupCommand = (group: string): string => tuneLine('shm-group', group)

/**
 * The advice for a user namespace. The machine has one vm.hugetlb_shm_group
 * (sysctl_hugetlb_shm_group in fs/hugetlbfs/inode.c).
 */
const ofMachine =
  'it is set by root of the machine, outside of the user namespace, with GROUP as it is numbered there'

/**
 * Explains why shmget refuses a segment (hugetlb_file_setup in fs/hugetlbfs/inode.c, newseg in
 * ipc/shm.c): EPERM, EINVAL for one that is too large, and ENOSPC. Returns undefined for other
 * errors.
 */
export const segmentReason = (
  errno: string,
  bytes: bigint,
  rights: SegmentRights,
): Reason | undefined => {
  if (errno === 'EPERM') {
    return {
      reason: 'not-root',
      why:
        `SHM_HUGETLB needs CAP_IPC_LOCK (${lockWords(rights)}) or membership in the group` +
        ` vm.hugetlb_shm_group, which is ${known(rights.group)}; ${limits(rights)}`,
      advice: [
        `${shmGroupCommand('GROUP')} lets a group in, 0 lets in that of root; memlock counts before Linux 5.18 only`,
        ...(rights.hasIpcLock ? [ofMachine] : []),
        '--via anon and --via memfd need no privilege',
      ],
    }
  }
  if (errno === 'EINVAL' && rights.shmmax !== undefined && bytes > rights.shmmax)
    return {
      reason: 'limit',
      why: `${formatBytes(bytes)} is more than one segment may have: ${limits(rights)}`,
      advice: [`${tuneLine('shmmax', formatBytes(bytes))} allows it`],
    }
  if (errno === 'ENOSPC')
    return {
      reason: 'limit',
      why: `there may be no more segments, or not of that size together: kernel.shmmni is ${known(rights.shmmni)}; ${limits(rights)}`,
      advice: [
        "'ipcs -m' shows who has segments, 'ipcs -lm' the limits",
        `${tuneLine('shmall', 'AMOUNT')} and ${tuneLine('shmmni', 'SEGMENTS')} raise them`,
      ],
    }
  return undefined
}
