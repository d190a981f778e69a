import { kilobytesOf } from '../words/bytes.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'

/**
 * The paths of the kernel's attributes (Documentation/admin-guide/mm/hugetlbpage.rst,
 * mm/hugetlb_sysfs.c).
 */
export const poolsDirectory = '/sys/kernel/mm/hugepages'
export const nodesDirectory = '/sys/devices/system/node'

export const nodeDirectory = (node: NodeId): string => `${nodesDirectory}/node${node}`

/**
 * Returns the directory of a pool, for the machine or for one node. The kernel always writes kB.
 */
export const poolDirectory = (size: PageSize, node?: NodeId): string => {
  const parent = node === undefined ? poolsDirectory : `${nodeDirectory(node)}/hugepages`
  return `${parent}/hugepages-${kilobytesOf(size)}`
}

export type PoolAttribute =
  | 'nr_hugepages'
  | 'nr_hugepages_mempolicy'
  | 'nr_overcommit_hugepages'
  | 'demote'
  | 'demote_size'

export const attributePath = (attribute: PoolAttribute, size: PageSize, node?: NodeId): string =>
  `${poolDirectory(size, node)}/${attribute}`

/**
 * Returns the file to which a 1 is written to compact the memory of the machine or of one node
 * (Documentation/admin-guide/sysctl/vm.rst).
 */
export const compactPath = (node?: NodeId): string =>
  node === undefined ? '/proc/sys/vm/compact_memory' : `${nodeDirectory(node)}/compact`
