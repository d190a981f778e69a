import { existsSync } from 'node:fs'
import { gigantic, kernelFrom, poolPath } from './machine.ts'

/**
 * What differs between kernels, and the version it came with. Where that is known only as lying
 * between two kernels that were looked at, it is the later one: kernels.txt names none in between.
 */
const since = {
  /** demote and demote_size; 5.15 has none, 5.19 has. */
  demote: '5.16',
  /** Before, a negative number written to vm.nr_hugepages was taken and ignored; 5.15 to 5.19. */
  negativeIsInvalid: '5.19',
  /** Before, enough RLIMIT_MEMLOCK let a user make segments too (hugetlb_file_setup). */
  segmentsIgnoreMemlock: '5.18',
  /** vm.hugetlb_optimize_vmemmap; 5.15 to 5.19. */
  vmemmapSetting: '5.19',
  /** Before, a node without memory had no directory of pools; 5.19 to 6.1. */
  memorylessDirectories: '6.1',
  /** Before, any word written to vm.compact_memory compacted memory; 6.1 to 6.5. */
  compactionTakesOnlyOne: '6.5',
  /** Before, a write to a node's file gave as many pages too many as others had surplus; 6.5 to 6.8. */
  nodeFilesHeedSurplus: '6.8',
  /** Splits of many pages at once, reserved ones included, with EBUSY at the end; 6.8 to 6.12. */
  demoteTakesReserved: '6.12',
  /**
   * From then on a private page that is still pinned when it is unmapped counts as one reservation less
   * than there are, down to below zero, until it comes back; 6.1 does not do so, 6.12 does.
   */
  pinnedPagesLowerReserved: '6.12',
  /** vm.enable_soft_offline; 6.8 to 6.12. */
  softOfflineSetting: '6.12',
  /**
   * Before, surplus in use counted as pages that a shrink has to keep, beside that surplus; 6.12
   * does so, 6.16 does not.
   */
  shrinkBesideSurplus: '6.16',
  /** Before, overcommit of gigantic pages was EINVAL. */
  giganticOvercommit: '6.19',
  /** vm.movable_gigantic_pages; 6.19 to 7.0. */
  movableGiganticSetting: '7.0',
  /** Before, from 6.7 on, a store at the limit of a memory cgroup faulted for ever; 7.2 to 7.3. */
  sigbusAtMemoryLimit: '7.3',
} as const

/** Other processors than x86 lost it again: arm64 frees no page structs from then on. */
const until: Partial<Record<keyof typeof since, string>> =
  process.arch === 'arm64' ? { vmemmapSetting: '6.5' } : {}

export const kernelHas = (feature: keyof typeof since): boolean => {
  const last = until[feature]
  return kernelFrom(since[feature]) && (last === undefined || !kernelFrom(last))
}

/** Whether pages of the gigantic size can be split on this machine. */
export const canDemote =
  gigantic !== undefined && kernelHas('demote') && existsSync(poolPath(gigantic, 'demote'))
