import { readMounts } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { filesIn } from '../../kernel/mounts/mount-files.ts'
import { readAllowedNodes, readMemory } from '../../kernel/pools/nodes.ts'
import { readGroupLimits } from '../../kernel/processes/hugetlb-cgroup.ts'
import { readSpaceLimited } from '../../kernel/processes/proc-self.ts'
import { takesGiganticOvercommit } from '../../kernel/release.ts'
import { isLive } from '../../kernel/tree.ts'
import type { MappingPart } from '../../model/mapping/mapping-plan.ts'
import type { FaultFacts, MountRoom } from '../../model/mapping/reasons/fault-facts.ts'
import type { HugetlbfsMount } from '../../model/mounts/hugetlbfs-mount.ts'
import { mountAt } from '../../model/mounts/mount-choice.ts'
import { isGigantic } from '../../model/pools/machine.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import { atLeastNone, fewer, type Pages } from '../../model/words/count.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import type { MappingSource } from './mapping-source.ts'
import type { RunningTest } from './running-test.ts'

/** What was asked for when the kernel refused. */
export interface RefusedPages {
  readonly part: MappingPart
  readonly source: MappingSource
  /** Pages that were still wanted. */
  readonly wanted: Pages
  /** The page of the part that was refused; absent for a whole mapping. */
  readonly page?: Pages
}

/** What of a min_size is left when the files that can be seen have taken their pages. */
const leftOfMinimum = (
  { tree }: Ports,
  { target, minSize = 0n, pageSize }: HugetlbfsMount,
): Bytes => {
  const files = isLive(tree) && minSize > 0n ? filesIn(target, pageSize) : undefined
  return atLeastNone(minSize - (files?.pages ?? 0n) * pageSize)
}

/** To statfs(2) a limit of less than a page looks like none; mountinfo tells it. */
const mountRoomAt = (
  { mapper, ports }: RunningTest,
  { descriptor, isFile }: MappingSource,
  place: string,
): MountRoom => {
  const left = isFile && descriptor !== undefined ? mapper.freeBytes(descriptor) : undefined
  const mount = mountAt(readMounts(ports.tree), place)
  const least = mount === undefined ? 0n : leftOfMinimum(ports, mount)
  const free = left ?? (mount?.size === 0n ? 0n : undefined)
  return present({
    target: mount?.target ?? place,
    least: least > 0n ? least : undefined,
    free,
  })
}

/** Pages that are in a file need no reservation; a private mapping gets its own ones. */
const pagesInFileAlready = (
  { mapper, plan }: RunningTest,
  { source, wanted }: RefusedPages,
): Pages => {
  const { kind, descriptor } = source
  if (kind !== 'path' || descriptor === undefined || plan.sharing === 'private') return 0n
  return fewer(mapper.heldBytes(descriptor) / plan.size, wanted)
}

/** What can be seen of the machine now, before anything is given back. */
export const gatherFaultFacts = (test: RunningTest, refused: RefusedPages): FaultFacts => {
  const { mapper, plan, ports, log } = test
  const { part, source, wanted, page } = refused
  const { descriptor, isFile, place } = source
  const allowedNodes = readAllowedNodes(ports.tree)
  const bytes =
    isFile && descriptor !== undefined && page !== undefined
      ? mapper.fileBytes(descriptor)
      : undefined
  const memory = readMemory(ports.tree)
  const there = page === undefined ? pagesInFileAlready(test, refused) : 0n
  return present({
    size: plan.size,
    pool: log.look(),
    noreserve: plan.noreserve,
    wanted: wanted - there,
    limits: readGroupLimits(ports.tree, plan.size),
    isSpaceLimited: readSpaceLimited(ports.tree),
    memory: memory?.available,
    canOvercommit: !isGigantic(plan.size) || takesGiganticOvercommit(ports.tree),
    policy: part.policy,
    allowedNodes,
    mount: place === undefined ? undefined : mountRoomAt(test, source, place),
    file: bytes === undefined ? undefined : { bytes, needed: ((page ?? 0n) + 1n) * plan.size },
  })
}
