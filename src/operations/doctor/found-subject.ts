import type { GroupMounts } from '../../kernel/processes/hugetlb-cgroup.ts'
import type { SubjectFacts } from '../../model/doctor/doctor-facts.ts'
import type { ProcessIdentity, ProcessSpace } from '../../model/processes/process-identity.ts'
import type { ProcessLimits } from '../../model/processes/process-limits.ts'
import type { SeenPolicy } from '../../model/processes/task-policy.ts'
import type { NodeId } from '../../model/words/node-list.ts'

/** In whose place the mapping is judged, and what was read of it. */
export interface FoundSubject {
  readonly subject: SubjectFacts
  /** The process whose mounts are looked at; absent for this one. */
  readonly pid?: number
  /** The groups by which its pages are counted; absent where they cannot be told. */
  readonly groups?: GroupMounts
  readonly identity?: ProcessIdentity
  readonly limits: ProcessLimits
  readonly space: ProcessSpace
  readonly allowedNodes?: readonly NodeId[]
  /** The memory policy of the process; absent where the kernel shows none. */
  readonly policy?: SeenPolicy
}
