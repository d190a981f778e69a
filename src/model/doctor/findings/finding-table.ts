import { cgroupLate, cgroupLimit, cgroupRefused, cgroupUndelegated } from './cgroup-findings.ts'
import { memoryFragmented, poolTooSmall } from './demand-findings.ts'
import { filesLeft, pagesUnexplained } from './holder-findings.ts'
import type { KnownMachine } from './known-machine.ts'
import type { UnnamedFinding } from './machine-finding.ts'
import {
  defaultSize,
  devHugepagesMasked,
  mountDoubled,
  mountHidden,
  mountWithoutPages,
  pagesWithoutMount,
} from './mount-findings.ts'
import {
  growthFailed,
  memoryShort,
  nodeEmpty,
  poolAllReserved,
  poolNearlyUsed,
  poolUnreadable,
  surplusStays,
} from './pool-findings.ts'
import {
  fellBackToSmall,
  kubeletKeeps,
  kubeletStale,
  poolIdle,
  thpMistaken,
} from './process-findings.ts'
import { crashKernel, shmGroupUnknown, vmemmapOff } from './setting-findings.ts'
import { severalWriters } from './several-writers.ts'
import { configurationWrong, persistedNotThere, thereNotPersisted } from './start-findings.ts'

/** Looks for one thing that can be wrong, at each place where it can be. */
type FindUnnamed = (known: KnownMachine) => readonly UnnamedFinding[]

/**
 * All that is looked for, by its name, in the order of the output. Scripts rely on the names; the
 * manual page has a paragraph on each.
 */
const looks = {
  'pool-unreadable': poolUnreadable,
  'pool-nearly-used': poolNearlyUsed,
  'pool-all-reserved': poolAllReserved,
  'pool-idle': poolIdle,
  'node-empty': nodeEmpty,
  'surplus-stays': surplusStays,
  margin: memoryShort,
  'growth-failed': growthFailed,
  fragmented: memoryFragmented,
  'pages-unexplained': pagesUnexplained,
  'files-left': filesLeft,
  'mount-hidden': mountHidden,
  'mount-doubled': mountDoubled,
  'pages-without-mount': pagesWithoutMount,
  'mount-without-pages': mountWithoutPages,
  'dev-hugepages-masked': devHugepagesMasked,
  'default-size': defaultSize,
  'configuration-wrong': configurationWrong,
  'persisted-not-there': persistedNotThere,
  'there-not-persisted': thereNotPersisted,
  'several-writers': severalWriters,
  'shm-group-unknown': shmGroupUnknown,
  'cgroup-limit': cgroupLimit,
  'cgroup-late': cgroupLate,
  'cgroup-refused': cgroupRefused,
  'cgroup-undelegated': cgroupUndelegated,
  'pool-too-small': poolTooSmall,
  'fell-back': fellBackToSmall,
  'thp-mistaken': thpMistaken,
  'kubelet-stale': kubeletStale,
  'kubelet-keeps': kubeletKeeps,
  'vmemmap-off': vmemmapOff,
  'crash-kernel': crashKernel,
} as const satisfies Readonly<Record<string, FindUnnamed>>

export type FindingName = keyof typeof looks

export const findingNames = Object.keys(looks) as readonly FindingName[]

/** A finding with the name that scripts know it by. */
export interface MachineFinding extends UnnamedFinding {
  readonly finding: FindingName
}

/** Returns all that is wrong with a machine, as far as it is known. */
export const findingsOf = (known: KnownMachine): readonly MachineFinding[] =>
  findingNames.flatMap((finding) =>
    looks[finding](known).map((unnamed) => ({ finding, ...unnamed })),
  )
