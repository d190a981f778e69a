import { readAllowedNodes, readNodes } from '../../kernel/pools/nodes.ts'
import {
  type CgroupMount,
  directoryOfGroup,
  type GroupMounts,
  groupMounts,
} from '../../kernel/processes/hugetlb-cgroup.ts'
import { readProcessSpace } from '../../kernel/processes/process-space.ts'
import { readIdentity } from '../../kernel/processes/read-identity.ts'
import { sharesNamespace } from '../../kernel/processes/read-namespace.ts'
import { readProcessLimits } from '../../kernel/processes/read-process-limits.ts'
import { readTaskPolicy } from '../../kernel/processes/read-task-policy.ts'
import { isLive, type Tree } from '../../kernel/tree.ts'
import type { DoctorRequest } from '../../model/doctor/doctor-request.ts'
import { type ProcessTraits, trialGaps } from '../../model/doctor/trial-gaps.ts'
import { viaOf } from '../../model/mapping/mapping-request.ts'
import type { TestIdentity, TestSubject } from '../../model/mapping/test-subject.ts'
import type { ProcessIdentity } from '../../model/processes/process-identity.ts'
import { present } from '../../model/words/present.ts'
import type { FoundSubject } from './found-subject.ts'

const optionOf = ({ subject, user, group }: DoctorRequest): string => {
  if (user !== undefined) return `--user ${user}`
  if (group !== undefined) return `--group ${group}`
  if (subject.kind === 'pid') return `--pid ${subject.pid}`
  return subject.kind === 'unit' ? `--unit ${subject.name}` : ''
}

const identityOf = (who: ProcessIdentity, option: string): TestIdentity => ({
  option,
  user: Number(who.user),
  group: Number(who.group),
  groups: who.groups.map(Number),
})

/** Tells whether the subject has something for which `test` has no option. */
const isBeyondTest = ({ subject: { kind }, user, group }: DoctorRequest): boolean =>
  kind === 'pid' || kind === 'unit' || (group !== undefined && user === undefined)

/**
 * Finds the directories of the groups that the test has to enter, because this process is not in them.
 */
const newGroups = (tree: Tree, { first, second }: GroupMounts): readonly string[] => {
  const own = groupMounts(tree)
  const isNew = (mount: CgroupMount | undefined, now: CgroupMount | undefined) =>
    mount !== undefined && mount.group !== now?.group ? [directoryOfGroup(mount)] : []
  return [...isNew(first, own.first), ...isNew(second, own.second)]
}

/**
 * Makes the subject of a test as a process, as a unit, or with a group alone; undefined where options of
 * `test` say all of it.
 */
export const trialSubject = (
  tree: Tree,
  request: DoctorRequest,
  found: FoundSubject,
): TestSubject | undefined => {
  if (!isBeyondTest(request)) return undefined
  const { groups, identity } = found
  return present({
    identity: identity && identityOf(identity, optionOf(request)),
    cgroups: groups === undefined ? [] : newGroups(tree, groups),
  })
}

const traitsHere = (tree: Tree): ProcessTraits =>
  present({
    limits: readProcessLimits(tree),
    space: readProcessSpace(tree),
    allowedNodes: readAllowedNodes(tree),
    policy: readTaskPolicy(tree),
    identity: readIdentity(tree),
  })

/** Whether a test in a cgroup had other nodes, for it enters no hierarchy that has the cpusets alone. */
const hasOtherNodes = (tree: Tree, { allowedNodes }: FoundSubject): boolean => {
  const ids = readNodes(tree).flatMap(({ id, hasMemory }) => (hasMemory ? [id] : []))
  const now = readAllowedNodes(tree)
  return ids.some((id) => allowedNodes?.includes(id) !== now?.includes(id))
}

/**
 * Names what a test that was made just now went without. Its cgroups are not among that, because this
 * process is still in those that it entered.
 */
export const leftOutOfTrial = (
  tree: Tree,
  request: DoctorRequest,
  found: FoundSubject,
): readonly string[] => {
  const { kind } = request.subject
  if (kind === 'cgroup') return hasOtherNodes(tree, found) ? ['cpuset'] : []
  if (kind !== 'pid' && kind !== 'unit') return []
  const { process } = found.subject
  const shares = (namespace: 'ipc' | 'user') => sharesNamespace(tree, process, namespace)
  const namespaces = { ipc: shares('ipc'), user: shares('user') }
  return trialGaps(found, traitsHere(tree), namespaces, viaOf(request))
}

/** Says why no test can be made as a subject; undefined where it can. */
export const whyUntried = (
  tree: Tree,
  request: DoctorRequest,
  { subject: { process } }: FoundSubject,
): string | undefined =>
  viaOf(request) === 'file' && isLive(tree) && !sharesNamespace(tree, process, 'mnt')
    ? 'its mounts are those of another namespace, which no program with threads can enter (setns(2))'
    : undefined
