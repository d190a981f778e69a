import type { HugepoolError } from '../../../errors.ts'
import type { ConfigItem } from '../../config/config-item.ts'
import type { Configuration } from '../../config/configuration.ts'
import type { FoundWriter, Writer } from '../../config/writers/writer.ts'
import type { ShownMount } from '../../mounts/hugetlbfs-mount.ts'
import type { Machine } from '../../pools/machine.ts'
import type { Shortage } from '../../pools/shortage.ts'
import type { FullCgroups } from '../../processes/cgroup-limit.ts'
import type { CgroupTrouble } from '../../processes/cgroup-trouble.ts'
import type { DatabaseDemand } from '../../processes/database-demand.ts'
import type { HugeFile } from '../../processes/files/huge-file.ts'
import type { KubeletFacts } from '../../processes/kubelet-facts.ts'
import type { LargePrograms } from '../../processes/large-program.ts'
import type { CgroupHierarchies } from '../../processes/limit-path.ts'
import type { FoundPages } from '../../processes/who/found-pages.ts'
import type { PageBooks } from '../../processes/who/page-books.ts'
import type { Bytes } from '../../words/bytes.ts'
import type { PageSize } from '../../words/page-size.ts'

/** Who holds pages, as far as everything could be looked into. */
export interface KnownHolding {
  readonly books: readonly PageBooks[]
  readonly found: FoundPages
  /** The files of hugetlbfs that nobody has. */
  readonly left: readonly HugeFile[]
}

/** What the next start sets of pools, mounts and settings, and which files say so. */
export interface KnownStart {
  /** The configuration; absent where it could not be read. */
  readonly configuration?: Configuration
  /** How the machine compares with the configuration. */
  readonly items: readonly ConfigItem[]
  /** What is wrong with the files of the configuration. */
  readonly error?: HugepoolError
  /**
   * The places beside the configuration that set something of a pool, or a setting around the pools, in
   * the order in which they run, and what they override.
   */
  readonly written: readonly FoundWriter[]
  /** Those of these places that set what the configuration sets too. */
  readonly writers: readonly Writer[]
  /** Whether some files could not be read, so that there may be more such places. */
  readonly isPartial: boolean
}

/** The group whose members may make SysV segments of huge pages. */
export interface KnownShmGroup {
  readonly id: bigint
  /** Whether a group of /etc/group has this number. */
  readonly isNamed: boolean
  /** Whether groups come from elsewhere too, such as a directory service. */
  readonly asksOthers: boolean
}

/** All that was read of a machine for its findings. What could not be seen is absent. */
export interface KnownMachine {
  readonly machine: Machine
  /** The size of a base page, in bytes. */
  readonly basePage: Bytes
  readonly mounts?: readonly ShownMount[]
  /** Whether dev-hugepages.mount of systemd is masked. */
  readonly isUsualMountMasked: boolean
  readonly holding?: KnownHolding
  readonly start?: KnownStart
  readonly shmGroup?: KnownShmGroup
  /** The memory in transparent huge pages, from /proc/meminfo, in bytes. */
  readonly transparent?: Bytes
  /** How often a huge page could not be made since the machine was started, from /proc/vmstat. */
  readonly failedGrowths?: bigint
  /** Whether the kernel frees the page structs of huge pages; absent where it cannot. */
  readonly freesVmemmap?: boolean
  /** The kernel command line of this start. */
  readonly line?: string
  /** The memory that is kept for a crash kernel, in bytes. */
  readonly crashMemory?: Bytes
  readonly hierarchies: CgroupHierarchies
  readonly fullCgroups: readonly FullCgroups[]
  readonly cgroupTroubles: readonly CgroupTrouble[]
  /** The groups of containers that have no hugetlb controller, where the kernel has it. */
  readonly unlimited?: readonly string[]
  /** The blocks of free memory, for the sizes of which overcommit may add pages. */
  readonly blocks?: ReadonlyMap<PageSize, readonly Shortage[]>
  /** What databases are configured to ask for. */
  readonly databases?: readonly DatabaseDemand[]
  readonly programs: LargePrograms
  readonly kubelet?: KubeletFacts
}
