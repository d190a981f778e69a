import { usage } from '../../errors.ts'
import { readAllowedNodes, readNodeList } from '../../kernel/pools/nodes.ts'
import { readProcessName } from '../../kernel/process-list.ts'
import { readStatus } from '../../kernel/process-status.ts'
import {
  type CgroupMount,
  cpusetMountAt,
  directoryOfGroup,
  type GroupMounts,
  groupMounts,
  groupMountsAt,
} from '../../kernel/processes/hugetlb-cgroup.ts'
import { readProcessSpace } from '../../kernel/processes/process-space.ts'
import { readIdentity } from '../../kernel/processes/read-identity.ts'
import { readProcessLimits } from '../../kernel/processes/read-process-limits.ts'
import { readTaskPolicy } from '../../kernel/processes/read-task-policy.ts'
import { readIfPresent } from '../../kernel/read-attribute.ts'
import { procOf, type Tree } from '../../kernel/tree.ts'
import type { DoctorRequest } from '../../model/doctor/doctor-request.ts'
import { slicePath, type UnitSettings } from '../../model/doctor/unit-settings.ts'
import { pathAndAbove } from '../../model/etc/path-parts.ts'
import type { ProcessIdentity } from '../../model/processes/process-identity.ts'
import { knownPolicy, type SeenPolicy } from '../../model/processes/task-policy.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { asUser } from './as-user.ts'
import { askUnit } from './ask-unit.ts'
import type { FoundSubject } from './found-subject.ts'

const isNamed = ({ first, second }: GroupMounts): boolean =>
  first !== undefined || second !== undefined

/** Reads the subject of a process, which is this one where none is named. */
const ofProcess = (tree: Tree, pid: number | undefined, words: string): FoundSubject => {
  const process = pid === undefined ? 'self' : `${pid}`
  const hasGroup = readIfPresent(tree, `/proc/${process}/cgroup`) !== undefined
  const groups = groupMounts(tree, pid ?? 'self')
  return present({
    subject: { words, process, hasBorrowedLimits: false },
    pid,
    // Without a hierarchy there is no limit, which is something that is known.
    groups: hasGroup || pid === undefined ? groups : undefined,
    identity: readIdentity(tree, process),
    limits: readProcessLimits(tree, process),
    space: readProcessSpace(tree, process),
    allowedNodes: readAllowedNodes(tree, process),
    policy: readTaskPolicy(tree, process),
  })
}

const ofPid = (tree: Tree, pid: number): FoundSubject => {
  if (readStatus(tree, `${pid}`) === '') throw usage(`there is no process ${pid}`)
  const name = readProcessName(procOf(tree), `${pid}`)
  return ofProcess(tree, pid, ` for process ${pid} (${name})`)
}

/** The files of version 2 and of version 1 (Linux 3.17) with what the cpusets above leave of one. */
const nodeFiles = ['cpuset.mems.effective', 'cpuset.effective_mems']

/** Reads the nodes that the nearest group with a cpuset allows, in the first hierarchy that has one. */
const nodesOfGroup = (
  tree: Tree,
  mounts: readonly (CgroupMount | undefined)[],
): readonly NodeId[] | undefined => {
  const directories = mounts.flatMap((mount) =>
    mount === undefined
      ? []
      : pathAndAbove(mount.group).map((group) => directoryOfGroup({ ...mount, group })),
  )
  for (const path of directories.flatMap((each) => nodeFiles.map((name) => `${each}/${name}`))) {
    const nodes = readNodeList(tree, path)
    if (nodes !== undefined && nodes.length > 0) return nodes
  }
  return undefined
}

/** A process that enters a cpuset has its policy moved to those nodes (mpol_rebind_policy). */
const policyOn = (
  nodes: readonly NodeId[] | undefined,
  { policy, allowedNodes }: FoundSubject,
): SeenPolicy | undefined =>
  knownPolicy(policy) === undefined || `${nodes}` === `${allowedNodes}`
    ? policy
    : { unseen: 'the cpuset of the cgroup moves the policy of this process to its own nodes' }

/** Makes the subject of this process, as if it were in other groups. */
const inGroups = (
  tree: Tree,
  groups: GroupMounts,
  words: string,
  cpuset?: CgroupMount,
): FoundSubject => {
  const own = ofProcess(tree, undefined, words)
  const nodes = nodesOfGroup(tree, [groups.second, groups.first, cpuset])
  const allowedNodes = nodes ?? own.allowedNodes
  return present({ ...own, groups, allowedNodes, policy: policyOn(allowedNodes, own) })
}

const ofCgroup = (tree: Tree, path: string): FoundSubject => {
  const groups = groupMountsAt(tree, path)
  if (!isNamed(groups)) throw usage(`there is no cgroup '${path}'`, undefined, 'no-file')
  return inGroups(tree, groups, ` in the cgroup ${path}`, cpusetMountAt(tree, path))
}

/**
 * Finds the nearest groups of a path that are there: systemd makes a slice only when it starts
 * something in it.
 */
const nearestGroups = (tree: Tree, path: string): GroupMounts => {
  const groups = pathAndAbove(path).map((each) => groupMountsAt(tree, each))
  return {
    hasMemory: groups.some(({ hasMemory }) => hasMemory),
    second: groups.find(({ second }) => second !== undefined)?.second,
    first: groups.find(({ first }) => first !== undefined)?.first,
  }
}

/** Root has what it may have at all, and others what they are given. */
const capabilitiesOf = ({ ambient, bounds }: UnitSettings, who: ProcessIdentity): bigint => {
  const given = who.user === 0n ? who.capabilities : ambient
  return bounds === undefined ? given : given & bounds
}

/** A unit that is not started is judged by its settings, in its slice. */
const ofUnit = async (ports: Ports, name: string): Promise<FoundSubject> => {
  const { tree } = ports
  const unit = await askUnit(ports, name)
  const words = ` in ${name}`
  if (unit.pid !== undefined) {
    const found = ofProcess(tree, unit.pid, words)
    return { ...found, subject: { ...found.subject, unit: name } }
  }
  const groups = nearestGroups(tree, unit.group ?? slicePath(unit.slice))
  const user = present({ user: unit.user ?? '0', group: unit.userGroup, groups: unit.groups })
  const { policy: _, ...named } = asUser(tree, inGroups(tree, groups, words), user)
  const { identity } = named
  return present({
    ...named,
    identity: identity && { ...identity, capabilities: capabilitiesOf(unit, identity) },
    subject: { ...named.subject, words, unit: name, hasBorrowedLimits: false },
    limits: { ...unit.limits },
    // What systemd starts has the policy of systemd, unless its unit sets one (NUMAPolicy=).
    policy: unit.policy ?? readTaskPolicy(tree, '1'),
  })
}

const namedSubject = (
  ports: Ports,
  { subject }: DoctorRequest,
): Promise<FoundSubject> | FoundSubject => {
  if (subject.kind === 'pid') return ofPid(ports.tree, subject.pid)
  if (subject.kind === 'cgroup') return ofCgroup(ports.tree, subject.path)
  if (subject.kind === 'unit') return ofUnit(ports, subject.name)
  return ofProcess(ports.tree, undefined, '')
}

/**
 * Finds in whose place a mapping is judged. Throws E_USAGE for a process, cgroup, unit, user or group
 * that is not there.
 */
export const findSubject = async (ports: Ports, request: DoctorRequest): Promise<FoundSubject> => {
  const { user, group } = request
  const found = await namedSubject(ports, request)
  return user === undefined && group === undefined
    ? found
    : asUser(ports.tree, found, present({ user, group, groups: [] }))
}
