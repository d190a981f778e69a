import { readBasePage } from '../../kernel/pools/base-page.ts'
import { readShortage } from '../../kernel/pools/buddyinfo.ts'
import { limitsOfGroups } from '../../kernel/processes/hugetlb-cgroup.ts'
import { readSegmentSettings } from '../../kernel/processes/proc-self.ts'
import { sharesNamespace } from '../../kernel/processes/read-namespace.ts'
import { readSegmentsThere } from '../../kernel/processes/segment-count.ts'
import { readNumberIfPresent } from '../../kernel/read-attribute.ts'
import { countsMemlock, takesGiganticOvercommit } from '../../kernel/release.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { DoctorFacts, SegmentFacts } from '../../model/doctor/doctor-facts.ts'
import type { DoctorRequest } from '../../model/doctor/doctor-request.ts'
import type { MappingPlan } from '../../model/mapping/mapping-plan.ts'
import type { FaultFacts, MountRoom } from '../../model/mapping/reasons/fault-facts.ts'
import { isGigantic } from '../../model/pools/gigantic.ts'
import { findPool, type Machine, memoryNodes, overcommitRoom } from '../../model/pools/machine.ts'
import { noLimits } from '../../model/processes/cgroup-limit.ts'
import { holdsIpcLock } from '../../model/processes/process-identity.ts'
import type { SegmentRights } from '../../model/processes/segment-rights.ts'
import { knownPolicy, type SeenPolicy } from '../../model/processes/task-policy.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import type { FoundSubject } from './found-subject.ts'
import { gatherMountFacts, mountRoomOf } from './gather-mount-facts.ts'

/** The policy that the subject has, unless another one was asked for: the mappings come under that then. */
const heldPolicy = ({ parts }: MappingPlan, { policy }: FoundSubject): SeenPolicy | undefined =>
  parts.some((part) => part.policy !== undefined) ? undefined : policy

/** Gathers what decides about the pages of the first mapping, with what the mappings after it want. */
const pageFacts = (
  { tree }: Ports,
  machine: Machine,
  { size, noreserve, parts }: MappingPlan,
  { allowedNodes, groups }: FoundSubject,
  held: SeenPolicy | undefined,
  mount: MountRoom | undefined,
): FaultFacts => {
  const [first, ...later] = parts
  const nodes = memoryNodes(machine).map(({ id }) => id)
  return present({
    size,
    pool: findPool(machine, size),
    noreserve,
    wanted: first?.pages ?? 0n,
    later: later.map(({ pages, policy }) => present({ pages, policy })),
    policy: first?.policy ?? knownPolicy(held),
    allowedNodes,
    memoryNodes: nodes.length > 0 ? nodes : undefined,
    limits: groups === undefined ? noLimits : limitsOfGroups(tree, size, groups),
    isSpaceLimited: false,
    memory: machine.memory?.available,
    canOvercommit: !isGigantic(machine, size) || takesGiganticOvercommit(tree),
    mount,
  })
}

/** Looks at the free memory only where overcommit may make pages of it. */
const blocksFor = (tree: Tree, machine: Machine, { size }: MappingPlan) =>
  overcommitRoom(findPool(machine, size)) > 0n ? readShortage(tree, machine, size) : undefined

/**
 * Reads the machine's settings for SysV segments. The right and the limit that count beside them are
 * those of the subject, and not those of this process.
 */
const segmentRightsOf = (tree: Tree, { identity, limits }: FoundSubject): SegmentRights => {
  const hasIpcLock = identity && holdsIpcLock(identity)
  return present({ ...readSegmentSettings(tree), hasIpcLock, memlock: limits.memlock })
}

const segmentFacts = ({ tree }: Ports, machine: Machine, found: FoundSubject): SegmentFacts => {
  const basePage = readBasePage(
    tree,
    machine.pools.map(({ size }) => size),
  )
  return present({
    rights: segmentRightsOf(tree, found),
    sameNamespace: sharesNamespace(tree, found.subject.process, 'ipc'),
    there: readSegmentsThere(tree, basePage),
    basePage,
    memlockCounts: countsMemlock(tree),
  })
}

/** Tells whether this process itself would make the mapping, whatever cgroup it enters for that. */
const isCaller = ({ subject: { kind }, user, group }: DoctorRequest): boolean =>
  (kind === 'self' || kind === 'cgroup') && user === undefined && group === undefined

/** Reads all that the checks of a mapping look at, and changes nothing. */
export const gatherDoctorFacts = (
  ports: Ports,
  machine: Machine,
  plan: MappingPlan,
  found: FoundSubject,
  request: DoctorRequest,
): DoctorFacts => {
  const { tree } = ports
  const { subject, groups, identity, limits, space } = found
  const mount =
    plan.via === 'file' ? gatherMountFacts(tree, plan, found, isCaller(request)) : undefined
  const held = heldPolicy(plan, found)
  const room = mount && mountRoomOf(tree, mount, found)
  return present({
    plan,
    subject,
    pages: pageFacts(ports, machine, plan, found, held, room),
    held,
    fork: request.fork,
    hierarchies: groups && present({ second: groups.second, first: groups.first }),
    identity,
    limits,
    space,
    segments: plan.via === 'shm' ? segmentFacts(ports, machine, found) : undefined,
    mount,
    blocks: blocksFor(tree, machine, plan),
    memfdNoexec:
      plan.via === 'memfd' ? readNumberIfPresent(tree, '/proc/sys/vm/memfd_noexec') : undefined,
  })
}
