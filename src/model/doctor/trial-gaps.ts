import type { Via } from '../mapping/mapping-request.ts'
import {
  hasCapability,
  type ProcessIdentity,
  type ProcessSpace,
} from '../processes/process-identity.ts'
import type { ProcessLimits } from '../processes/process-limits.ts'
import type { SeenPolicy } from '../processes/task-policy.ts'
import type { NodeId } from '../words/node-list.ts'

/** What decides about the pages of a process, beside its user, groups and cgroups. */
export interface ProcessTraits {
  readonly limits: ProcessLimits
  readonly space: ProcessSpace
  readonly allowedNodes?: readonly NodeId[]
  readonly policy?: SeenPolicy
  readonly identity?: ProcessIdentity
}

/** Namespaces that another process shares with this one. */
export interface SharedNamespaces {
  readonly ipc: boolean
  readonly user: boolean
}

const policyWords = (policy: SeenPolicy | undefined): string | undefined =>
  policy === undefined || 'unseen' in policy ? undefined : policy.words

/**
 * Names the limits that a test does not have. A limit on address space counts what is mapped already,
 * which differs from process to process, so that having one is enough to name it.
 */
const limitsLeftOut = ({ limits }: ProcessTraits, here: ProcessTraits): readonly string[] => {
  const isSet = (limit: ProcessLimits['dataSize']) => limit !== undefined && limit !== 'unlimited'
  return [
    ...(isSet(limits.addressSpace) || isSet(here.limits.addressSpace) ? ['RLIMIT_AS'] : []),
    ...(isSet(limits.dataSize) || isSet(here.limits.dataSize) ? ['RLIMIT_DATA'] : []),
    ...(limits.fileSize === here.limits.fileSize ? [] : ['RLIMIT_FSIZE']),
    ...(limits.memlock === here.limits.memlock ? [] : ['RLIMIT_MEMLOCK']),
  ]
}

/** A process that becomes another user than root loses its capabilities (capabilities(7)). */
const lacksCapabilities = ({ identity }: ProcessTraits, here: ProcessTraits): boolean =>
  identity !== undefined &&
  (['CAP_IPC_LOCK', 'CAP_DAC_OVERRIDE'] as const).some((name) => {
    const has =
      identity.user === 0n && here.identity !== undefined && hasCapability(here.identity, name)
    return hasCapability(identity, name) !== has
  })

/**
 * Tells whether the process has mapped more than half of vm.max_map_count. The test itself has few
 * mappings, so that it proves nothing about that.
 */
const hasManyMappings = ({ space: { mappings = 0n, mostMappings = 0n } }: ProcessTraits): boolean =>
  mappings * 2n > mostMappings

/** Names what a test does not have of a process in whose place it is made. `here` is who made it. */
export const trialGaps = (
  other: ProcessTraits,
  here: ProcessTraits,
  namespaces: SharedNamespaces,
  via: Via,
): readonly string[] => [
  ...limitsLeftOut(other, here),
  ...(hasManyMappings(other) ? ['mappings'] : []),
  ...(`${other.allowedNodes}` === `${here.allowedNodes}` ? [] : ['cpuset']),
  ...(policyWords(other.policy) === policyWords(here.policy) ? [] : ['memory policy']),
  ...(lacksCapabilities(other, here) ? ['capabilities'] : []),
  ...(namespaces.user || via === 'anon' || via === 'memfd' ? [] : ['user namespace']),
  ...(namespaces.ipc || via !== 'shm' ? [] : ['IPC namespace']),
]
