import type { Machine } from '../../model/pools/machine.ts'
import { present } from '../../model/words/present.ts'
import type { Tree } from '../tree.ts'
import { readLargestBlock } from './buddyinfo.ts'
import { readMeminfo } from './meminfo.ts'
import { readAllowedNodes, readMemory, readNodeIds, readNodes } from './nodes.ts'
import { readPools } from './pools.ts'

/** Reads the snapshot that a plan is made from. */
export const readMachine = (tree: Tree): Machine => {
  const known = { meminfo: readMeminfo(tree), nodeIds: readNodeIds(tree) }
  const memory = readMemory(tree, known.meminfo)
  const allowedNodes = readAllowedNodes(tree)
  const { pools, unreadable } = readPools(tree, true, known)
  const sizes = [...pools, ...(unreadable ?? [])].map(({ size }) => size)
  return present({
    pools,
    unreadable,
    nodes: readNodes(tree, known.nodeIds),
    memory,
    largestBlock: readLargestBlock(tree, sizes),
    allowedNodes,
  })
}
