import type { MappingPlan } from '../mapping/mapping-plan.ts'
import type { FaultFacts } from '../mapping/reasons/fault-facts.ts'
import type { Shortage } from '../pools/shortage.ts'
import type { CgroupHierarchies } from '../processes/limit-path.ts'
import type { ProcessIdentity, ProcessSpace } from '../processes/process-identity.ts'
import type { ProcessLimits } from '../processes/process-limits.ts'
import type { SegmentRights } from '../processes/segment-rights.ts'
import type { SegmentsThere } from '../processes/segments-there.ts'
import type { SeenPolicy } from '../processes/task-policy.ts'
import type { Bytes } from '../words/bytes.ts'
import type { FileFacts } from './mount-facts.ts'

/** In whose place the mapping was looked at. */
export interface SubjectFacts {
  /** The words for the subject that follow the answer: ` as postgres`; empty for this process. */
  readonly words: string
  /** The name of the process below /proc whose files were read: `self` or its number. */
  readonly process: string
  /** The unit of systemd whose settings these are. */
  readonly unit?: string
  /** The name or number of the group that the application has, for a command to type. */
  readonly group?: string
  /**
   * Whether the limits of another process stand in, because the user has none yet whose limits PAM
   * had set.
   */
  readonly hasBorrowedLimits: boolean
}

/** What decides about SysV segments. What cannot be seen is absent. */
export interface SegmentFacts {
  readonly rights: SegmentRights
  /** False where the IPC namespace is another one, whose limits cannot be read from here. */
  readonly sameNamespace: boolean
  readonly there?: SegmentsThere
  readonly basePage: Bytes
  /** Whether RLIMIT_MEMLOCK lets segments in too, as before 5.18 (hugetlb_file_setup). */
  readonly memlockCounts: boolean
}

/** All that was read for the checks of one mapping. What cannot be seen is absent. */
export interface DoctorFacts {
  readonly plan: MappingPlan
  readonly subject: SubjectFacts
  /** What the kernel would meet at the first mapping, and at those after it. */
  readonly pages: FaultFacts
  /** The memory policy that the process has; absent where another one is asked for. */
  readonly held?: SeenPolicy
  /** Whether a child writes to all pages after fork(2). */
  readonly fork: boolean
  /** Where the hierarchies are mounted that limit pages; absent where the cgroup cannot be told. */
  readonly hierarchies?: CgroupHierarchies
  /** The free memory of each node, where overcommit may make pages of it. */
  readonly blocks?: readonly Shortage[]
  readonly identity?: ProcessIdentity
  readonly limits: ProcessLimits
  readonly space: ProcessSpace
  /** What decides about SysV segments; absent unless the mapping is one. */
  readonly segments?: SegmentFacts
  /** What decides about a file on hugetlbfs; absent unless the mapping is of one. */
  readonly mount?: FileFacts
  /** The value of vm.memfd_noexec, which kernels have since 6.3; absent where it is not shown. */
  readonly memfdNoexec?: bigint
}

/** Tells how often pages are wanted a second time, by a child that writes to its private copy. */
export const childCopies = ({ fork, plan }: Pick<DoctorFacts, 'fork' | 'plan'>): number =>
  fork && plan.sharing === 'private' ? 1 : 0

/**
 * The pages that count in limits, with those of copies. Nothing is reserved for a copy, which takes
 * its share of every limit when it is made (alloc_hugetlb_folio in mm/hugetlb.c), also of those on
 * reservations.
 */
export const withCopies = ({ pages, plan, fork }: DoctorFacts): FaultFacts => {
  const { later = [], wanted } = pages
  const copies = childCopies({ fork, plan }) === 0 ? [] : [{ pages: wanted }, ...later]
  return { ...pages, later: [...later, ...copies] }
}
