import { type HugepoolError, unsupported } from '../../errors.ts'
import { type NodeId, namedNodes } from '../words/node-list.ts'
import { type Machine, memoryNodes } from './machine.ts'

/** Returns the error for a node that has no memory. Its hint names the nodes that have some. */
export const memoryless = (machine: Machine, id: NodeId, consequence = ''): HugepoolError => {
  const ids = memoryNodes(machine).map((node) => node.id)
  return unsupported(
    'no-node',
    `node ${id} has no memory${consequence}`,
    ids.length > 0 ? `${namedNodes(ids)} ${ids.length === 1 ? 'has' : 'have'} memory` : undefined,
  )
}
