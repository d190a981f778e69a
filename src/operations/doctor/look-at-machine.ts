import { readCrashMemory } from '../../kernel/boot/crash-memory.ts'
import { readKernelLine } from '../../kernel/boot/read-boot-machine.ts'
import { asksForGroups, readGroupIds } from '../../kernel/etc/known-groups.ts'
import { readMountTable } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { isUsualMountMasked } from '../../kernel/mounts/usual-mount.ts'
import { readBasePage } from '../../kernel/pools/base-page.ts'
import { readShortage } from '../../kernel/pools/buddyinfo.ts'
import { readFailedGrowths } from '../../kernel/pools/failed-growths.ts'
import { readMeminfo } from '../../kernel/pools/meminfo.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { readCgroupTroubles } from '../../kernel/processes/cgroup-troubles.ts'
import { containersWithoutLimits } from '../../kernel/processes/container-cgroups.ts'
import { readDatabaseDemands } from '../../kernel/processes/database-files.ts'
import { groupDirectories, readAllFullCgroups } from '../../kernel/processes/full-cgroups.ts'
import { groupMounts } from '../../kernel/processes/hugetlb-cgroup.ts'
import { readLargePrograms } from '../../kernel/processes/large-programs.ts'
import { readShmGroup } from '../../kernel/processes/shm-group.ts'
import { readIfReadable } from '../../kernel/read-attribute.ts'
import type { Tree } from '../../kernel/tree.ts'
import { freeVmemmapPath } from '../../model/config/boot-items.ts'
import { findingsOf } from '../../model/doctor/findings/finding-table.ts'
import type {
  KnownHolding,
  KnownMachine,
  KnownShmGroup,
} from '../../model/doctor/findings/known-machine.ts'
import type { MachineReport } from '../../model/doctor/findings/machine-report.ts'
import { availableNow, type Machine, overcommitRoom } from '../../model/pools/machine.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { lookAtHolding } from './look-at-holding.ts'
import { lookAtKubelet } from './look-at-kubelet.ts'
import { lookAtNextStart } from './look-at-next-start.ts'
import { type Noting, noting } from './note-errors.ts'

const shmGroupOf = (tree: Tree, { note }: Noting): KnownShmGroup | undefined => {
  const id = readShmGroup(tree)
  if (id === undefined || id === 0n) return undefined
  const ids = readGroupIds(tree)
  if (ids === undefined)
    note('/etc/group: cannot be read: whether the shm group exists is not known')
  return ids && { id, isNamed: ids.has(id), asksOthers: asksForGroups(tree) }
}

const cgroupsOf = (tree: Tree, { pools }: Machine) => {
  const groups = groupDirectories(tree)
  const sizes = pools.map(({ size }) => size)
  const some = pools.filter((pool) => availableNow(pool) > 0n).map(({ size }) => size)
  const { second, first } = groupMounts(tree)
  return {
    hierarchies: present({ second, first }),
    fullCgroups: readAllFullCgroups(tree, some, groups),
    cgroupTroubles: readCgroupTroubles(tree, groups, sizes),
  }
}

/** Reads the free blocks of the sizes of which overcommit may add pages. */
const blocksOf = (tree: Tree, machine: Machine) =>
  new Map(
    machine.pools
      .filter((pool) => overcommitRoom(pool) > 0n)
      .map(({ size }) => [size, readShortage(tree, machine, size)] as const),
  )

const vmemmapOf = (tree: Tree): boolean | undefined => {
  const text = readIfReadable(tree, freeVmemmapPath)
  return text === undefined ? undefined : text.trim() !== '0'
}

const programsOf = (
  tree: Tree,
  basePage: bigint,
  { note }: Noting,
  holding: KnownHolding | undefined,
) => {
  const { kubelet, closed, ...programs } = readLargePrograms(tree, basePage, holding?.found.spaces)
  for (const { pid, command } of closed)
    note(
      `process ${pid} (${command}): its memory may not be looked into: whether it fell back to base pages is not known`,
    )
  return { programs, kubelet }
}

/** Reads all that findings are made of. Each part that cannot be seen is noted, and is absent. */
const knownMachine = async (ports: Ports, see: Noting): Promise<KnownMachine> => {
  const { tree } = ports
  const machine = readMachine(tree)
  const basePage = readBasePage(
    tree,
    machine.pools.map(({ size }) => size),
  )
  const holding = lookAtHolding(ports, machine, see)
  const { programs, kubelet } = programsOf(tree, basePage, see, holding)
  return present({
    machine,
    basePage,
    mounts: see.attempt(() => readMountTable(tree).mounts),
    isUsualMountMasked: isUsualMountMasked(tree),
    holding,
    start: await lookAtNextStart(ports, see),
    shmGroup: shmGroupOf(tree, see),
    transparent: readMeminfo(tree).get('AnonHugePages'),
    failedGrowths: readFailedGrowths(tree),
    freesVmemmap: vmemmapOf(tree),
    line: readKernelLine(tree),
    crashMemory: readCrashMemory(tree),
    ...cgroupsOf(tree, machine),
    unlimited: containersWithoutLimits(tree),
    blocks: blocksOf(tree, machine),
    databases: readDatabaseDemands(tree),
    programs,
    kubelet: kubelet === undefined ? undefined : lookAtKubelet(tree, kubelet, see),
  })
}

/**
 * Looks for what is wrong with the machine. It opens nothing for writing. Throws E_UNSUPPORTED without
 * HugeTLB.
 */
export const lookAtMachine = async (ports: Ports): Promise<MachineReport> => {
  const see = noting()
  const known = await knownMachine(ports, see)
  return { about: 'machine', findings: findingsOf(known), unseen: see.unseen() }
}
