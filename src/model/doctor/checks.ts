import { lookAtMemoryLimits, lookAtPageLimits, lookAtReserved } from './cgroup-checks.ts'
import type { CheckFinding, Finding } from './check-finding.ts'
import { type CheckName, namesOfChecks } from './check-names.ts'
import type { DoctorFacts } from './doctor-facts.ts'
import {
  lookAtHiding,
  lookAtInodes,
  lookAtMinimum,
  lookAtMounting,
  lookAtMountSize,
  lookAtNoexec,
  lookAtPermission,
  lookAtReadOnly,
} from './mount-checks.ts'
import { lookAtCpuset, lookAtNodes, lookAtPolicy } from './node-checks.ts'
import {
  lookAtAlignment,
  lookAtAvailable,
  lookAtCopies,
  lookAtPageSize,
  lookAtSurplusMemory,
} from './pool-checks.ts'
import {
  lookAtAddressSpace,
  lookAtFileSize,
  lookAtMapCount,
  lookAtMemfdNoexec,
  lookAtMemlock,
  lookAtUserNamespace,
} from './process-checks.ts'
import { lookAtShmall, lookAtShmGroup, lookAtShmmax, lookAtShmmni } from './segment-checks.ts'

/** Looks at the facts; undefined where the check is not about the way of mapping. */
type LookAtFacts = (facts: DoctorFacts) => Finding | undefined

const looks: Readonly<Record<CheckName, LookAtFacts>> = {
  'page-size': lookAtPageSize,
  alignment: lookAtAlignment,
  policy: lookAtPolicy,
  cpuset: lookAtCpuset,
  'user-namespace': lookAtUserNamespace,
  mount: lookAtMounting,
  'mount-hidden': lookAtHiding,
  'mount-read-only': lookAtReadOnly,
  'mount-permission': lookAtPermission,
  noexec: lookAtNoexec,
  'mount-inodes': lookAtInodes,
  'memfd-noexec': lookAtMemfdNoexec,
  'file-size': lookAtFileSize,
  shmmax: lookAtShmmax,
  shmall: lookAtShmall,
  'shm-group': lookAtShmGroup,
  shmmni: lookAtShmmni,
  'address-space': lookAtAddressSpace,
  'map-count': lookAtMapCount,
  memlock: lookAtMemlock,
  'cgroup-rsvd': lookAtReserved,
  'mount-size': lookAtMountSize,
  'mount-min-size': lookAtMinimum,
  available: lookAtAvailable,
  'surplus-memory': lookAtSurplusMemory,
  'node-free': lookAtNodes,
  'cgroup-max': lookAtPageLimits,
  'cgroup-memory': lookAtMemoryLimits,
  'copy-on-write': lookAtCopies,
}

/** Returns the findings of all checks that are about the mapping, in the kernel's order. */
export const checkMapping = (facts: DoctorFacts): readonly CheckFinding[] =>
  namesOfChecks.flatMap((check) => {
    const finding = looks[check](facts)
    return finding === undefined ? [] : [{ check, ...finding }]
  })
