import type { Machine } from '../../model/pools/machine.ts'
import { present } from '../../model/words/present.ts'
import type { Tree } from '../tree.ts'
import { readAllowedNodes, readMemory, readNodes } from './nodes.ts'
import { readPools } from './pools.ts'

/** Reads the snapshot that a plan is made from. */
export const readMachine = (tree: Tree): Machine => {
  const memory = readMemory(tree)
  const allowedNodes = readAllowedNodes(tree)
  return present({
    pools: readPools(tree, true),
    nodes: readNodes(tree),
    memory,
    allowedNodes,
  })
}
