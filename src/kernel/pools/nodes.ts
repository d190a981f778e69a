import { HugepoolError } from '../../errors.ts'
import { nodeDirectory, nodesDirectory } from '../../model/pools/attributes.ts'
import type { Memory, MemoryNode } from '../../model/pools/machine.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import { type NodeId, nodeNumber, parseNodeList } from '../../model/words/node-list.ts'
import { present } from '../../model/words/present.ts'
import { readStatus, statusLine } from '../process-status.ts'
import { listIfPresent, readIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { type Meminfo, readMeminfo } from './meminfo.ts'

/** Reads the ids of the nodes, in ascending order; none where the kernel was built without NUMA. */
export const readNodeIds = (tree: Tree): readonly NodeId[] =>
  listIfPresent(tree, nodesDirectory)
    .map((name) => nodeNumber(/^node(.+)$/s.exec(name)?.[1] ?? ''))
    .filter((node) => node !== undefined)
    .sort((a, b) => a - b)

/**
 * Reads a list of nodes in the kernel's format; undefined where the file is missing. Throws
 * E_KERNEL for any other format.
 */
export const readNodeList = (tree: Tree, path: string): readonly NodeId[] | undefined => {
  const text = readIfPresent(tree, path)
  if (text === undefined) return undefined
  const nodes = parseNodeList(text)
  if (nodes === undefined)
    throw new HugepoolError('E_KERNEL', 'not-understood', `${path}: expected a list of nodes`)
  return nodes
}

/**
 * Whether no more than one node has memory, so that pages can come from no other. False where the
 * list of these nodes is missing.
 */
export const isOneMemoryNode = (tree: Tree): boolean => {
  const nodes = readNodeList(tree, `${nodesDirectory}/has_memory`)
  return nodes !== undefined && nodes.length < 2
}

/**
 * The lines of meminfo that add up to what a node can give without swapping: free pages, file cache
 * and reclaimable memory of the kernel.
 */
const reclaimableNames = ['MemFree', 'Active(file)', 'Inactive(file)', 'KReclaimable'] as const

const memoryOf = (meminfo: Meminfo): Memory | undefined => {
  const total = meminfo.get('MemTotal')
  if (total === undefined) return undefined
  const available = reclaimableNames.reduce((sum, name) => sum + (meminfo.get(name) ?? 0n), 0n)
  return { total, available }
}

/**
 * Reads the nodes with their memory. Nodes without memory are among them, because the kernel shows
 * them.
 */
export const readNodes = (
  tree: Tree,
  ids: readonly NodeId[] = readNodeIds(tree),
): readonly MemoryNode[] => {
  const withMemory = readNodeList(tree, `${nodesDirectory}/has_memory`)
  return ids.map((id) => {
    const memory = memoryOf(readMeminfo(tree, `${nodeDirectory(id)}/meminfo`))
    const hasMemory = withMemory?.includes(id) ?? (memory?.total ?? 0n) > 0n
    return present({ id, hasMemory, memory })
  })
}

/** Reads MemTotal and MemAvailable (3.14) of the machine; undefined where one is not shown. */
export const readMemory = (
  tree: Tree,
  meminfo: Meminfo = readMeminfo(tree),
): { total: Bytes; available: Bytes } | undefined => {
  const total = meminfo.get('MemTotal')
  const available = meminfo.get('MemAvailable')
  return total === undefined || available === undefined ? undefined : { total, available }
}

/**
 * Reads the nodes that the cpuset of a process, or of this one, allows; undefined where the kernel
 * does not show them.
 */
export const readAllowedNodes = (tree: Tree, process?: string): readonly NodeId[] | undefined => {
  const list = statusLine(readStatus(tree, process), 'Mems_allowed_list')
  return list === undefined ? undefined : parseNodeList(list)
}
