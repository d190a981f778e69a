import type { Bytes } from '../words/bytes.ts'
import { type Capability, includesCapability } from './capability.ts'
import { type IdRange, idOutside } from './id-map.ts'

/** Who asks for pages, as the kernel sees it. */
export interface ProcessIdentity {
  readonly user: bigint
  readonly group: bigint
  /** The supplementary groups. */
  readonly groups: readonly bigint[]
  /** The effective capabilities, one bit each. */
  readonly capabilities: bigint
  /** False in any user namespace but that of the machine, whose capabilities alone count here. */
  readonly ofMachine: boolean
  /** What its groups are on the machine; absent where they are numbered as there. */
  readonly groupMap?: readonly IdRange[]
}

/** Whether somebody has a capability that counts on the machine. */
export const hasCapability = (
  { ofMachine, capabilities }: Pick<ProcessIdentity, 'ofMachine' | 'capabilities'>,
  name: Capability,
): boolean => ofMachine && includesCapability(capabilities, name)

/** Whether somebody has CAP_IPC_LOCK, if only in a user namespace. */
export const holdsIpcLock = ({ capabilities }: ProcessIdentity): boolean =>
  includesCapability(capabilities, 'CAP_IPC_LOCK')

/** Whether somebody is in a group (in_group_p in kernel/groups.c). */
export const isInGroup = ({ group, groups }: ProcessIdentity, wanted: bigint): boolean =>
  group === wanted || groups.includes(wanted)

/** What a group is on the machine; undefined where it is none of the user namespace. */
export const groupOnMachine = ({ groupMap }: ProcessIdentity, group: bigint): bigint | undefined =>
  groupMap === undefined ? group : idOutside(groupMap, group)

/**
 * Whether somebody is in a group of the machine. Undefined where it has a group that the user namespace
 * does not show, which may be this one.
 */
export const isInMachineGroup = (who: ProcessIdentity, wanted: bigint): boolean | undefined => {
  const own = [who.group, ...who.groups].map((group) => groupOnMachine(who, group))
  if (own.includes(wanted)) return true
  return own.includes(undefined) ? undefined : false
}

/** The memory that a process has mapped. */
export interface ProcessSpace {
  /** VmSize: the bytes of all mappings. */
  readonly mapped?: Bytes
  /** VmData: the bytes of private writable mappings. */
  readonly data?: Bytes
  /** The number of mappings; absent where they cannot be looked at. */
  readonly mappings?: bigint
  /** vm.max_map_count. */
  readonly mostMappings?: bigint
}
