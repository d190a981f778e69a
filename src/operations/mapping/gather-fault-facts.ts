import { readMounts } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { filesIn } from '../../kernel/mounts/mount-files.ts'
import { readLargestBlock } from '../../kernel/pools/buddyinfo.ts'
import { readAllowedNodes, readMemory, readNodes } from '../../kernel/pools/nodes.ts'
import { readPageSizes } from '../../kernel/pools/pools.ts'
import { readCgroupLimits } from '../../kernel/processes/hugetlb-cgroup.ts'
import { readSpaceLimited } from '../../kernel/processes/proc-self.ts'
import { readProcessSpace } from '../../kernel/processes/process-space.ts'
import { readTaskPolicy } from '../../kernel/processes/read-task-policy.ts'
import { takesGiganticOvercommit } from '../../kernel/release.ts'
import { isLive } from '../../kernel/tree.ts'
import type { MappingPart, MappingPlan } from '../../model/mapping/mapping-plan.ts'
import type { FaultFacts, MountRoom } from '../../model/mapping/reasons/fault-facts.ts'
import type { HugetlbfsMount } from '../../model/mounts/hugetlbfs-mount.ts'
import { mountAt } from '../../model/mounts/mount-choice.ts'
import { isGigantic } from '../../model/pools/gigantic.ts'
import { knownPolicy } from '../../model/processes/task-policy.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import { atLeastNone, fewer, type Pages } from '../../model/words/count.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import type { MappingSource } from './mapping-source.ts'
import type { RunningTest } from './running-test.ts'

/** What the facts are read with, and what is known of the mapping beforehand. */
export interface FactsAround extends Pick<RunningTest, 'mapper' | 'ports'> {
  readonly plan: Pick<MappingPlan, 'size' | 'noreserve' | 'sharing'>
  readonly log: Pick<RunningTest['log'], 'look'>
}

/** The pages that were asked for when the kernel refused. */
export interface RefusedPages {
  readonly part: Pick<MappingPart, 'policy'>
  readonly source: MappingSource
  /** The number of pages that were still wanted of the part. */
  readonly wanted: Pages
  /** The pages that are wanted of the parts that come after it. */
  readonly later?: FaultFacts['later']
  /** The page that was refused, counted from the start of the part. Absent for a whole mapping. */
  readonly page?: Pages
}

/** Returns the part of a mount's min_size, in bytes, that its visible files have not used up. */
const leftOfMinimum = (
  { tree }: Ports,
  { target, minSize = 0n, pageSize }: HugetlbfsMount,
): Bytes => {
  const files = isLive(tree) && minSize > 0n ? filesIn(target, pageSize) : undefined
  return atLeastNone(minSize - (files?.pages ?? 0n) * pageSize)
}

/**
 * Reads the room that a mount has left. statfs(2) shows a limit of less than a page as no limit, so
 * such a limit is taken from mountinfo.
 */
const mountRoomAt = (
  { mapper, ports }: FactsAround,
  { descriptor, isFile }: MappingSource,
  path: string,
): MountRoom => {
  const left = isFile && descriptor !== undefined ? mapper.freeBytes(descriptor) : undefined
  const mount = mountAt(readMounts(ports.tree), path)
  const least = mount === undefined ? 0n : leftOfMinimum(ports, mount)
  const free = left ?? (mount?.size === 0n ? 0n : undefined)
  return present({
    target: mount?.target ?? path,
    least: least > 0n ? least : undefined,
    free,
  })
}

/**
 * Counts the wanted pages that the file has already. A shared mapping needs no reservation for
 * them. A private mapping gets pages of its own.
 */
const pagesInFileAlready = (
  { mapper, plan }: FactsAround,
  { source, wanted }: RefusedPages,
): Pages => {
  const { kind, descriptor } = source
  if (kind !== 'path' || descriptor === undefined || plan.sharing === 'private') return 0n
  return fewer(mapper.heldBytes(descriptor) / plan.size, wanted)
}

/** Gathers the facts of a refusal. This has to happen before the test releases anything. */
export const gatherFaultFacts = (test: FactsAround, refused: RefusedPages): FaultFacts => {
  const { mapper, plan, ports, log } = test
  const { part, source, wanted, page, later } = refused
  const { descriptor, isFile, path } = source
  const allowedNodes = readAllowedNodes(ports.tree)
  const nodes = readNodes(ports.tree).filter(({ hasMemory }) => hasMemory)
  const file =
    isFile && descriptor !== undefined && page !== undefined
      ? { bytes: mapper.fileBytes(descriptor), needed: (page + 1n) * plan.size }
      : undefined
  const memory = readMemory(ports.tree)
  const largestBlock = readLargestBlock(ports.tree, readPageSizes(ports.tree))
  const there = page === undefined ? pagesInFileAlready(test, refused) : 0n
  return present({
    size: plan.size,
    pool: log.look(),
    noreserve: plan.noreserve,
    wanted: wanted - there,
    later,
    limits: readCgroupLimits(ports.tree, plan.size),
    isSpaceLimited: readSpaceLimited(ports.tree),
    space: page === undefined ? readProcessSpace(ports.tree) : undefined,
    memory: memory?.available,
    canOvercommit: !isGigantic({ largestBlock }, plan.size) || takesGiganticOvercommit(ports.tree),
    policy: part.policy ?? knownPolicy(readTaskPolicy(ports.tree)),
    allowedNodes,
    memoryNodes: nodes.length > 0 ? nodes.map(({ id }) => id) : undefined,
    mount: path === undefined ? undefined : mountRoomAt(test, source, path),
    file,
  })
}
