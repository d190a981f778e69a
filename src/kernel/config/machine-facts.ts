import { virtualizationOf } from '../../model/config/virtualization.ts'
import type { MachineFacts } from '../../model/config/when.ts'
import { memoryNodes } from '../../model/pools/machine.ts'
import { readMeminfo } from '../pools/meminfo.ts'
import { readNodes } from '../pools/nodes.ts'
import { readArchitecture } from '../read-architecture.ts'
import type { Tree } from '../tree.ts'
import { readOneWord, readVirtualizationFacts } from './virtualization-facts.ts'

/** Counts the nodes with memory. A kernel without NUMA counts as one node. */
const countNodes = (tree: Tree): bigint => {
  const nodes = readNodes(tree)
  return nodes.length === 0 ? 1n : BigInt(memoryNodes({ nodes }).length)
}

/**
 * Returns the facts that conditions of drop-ins ask for. Each is read only when it is asked for.
 */
export const machineFacts = (tree: Tree): MachineFacts => ({
  host: () => readOneWord(tree, '/proc/sys/kernel/hostname') ?? readOneWord(tree, '/etc/hostname'),
  nodes: () => countNodes(tree),
  memory: () => readMeminfo(tree).get('MemTotal'),
  arch: () => readArchitecture(tree),
  virtualization: () => virtualizationOf(readVirtualizationFacts(tree)),
})
