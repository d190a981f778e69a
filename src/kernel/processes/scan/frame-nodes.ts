import { nodeDirectory } from '../../../model/pools/attributes.ts'
import type { NodeId } from '../../../model/words/node-list.ts'
import { readNodes } from '../../pools/nodes.ts'
import { listIfPresent, readIfReadable } from '../../read-attribute.ts'
import type { Tree } from '../../tree.ts'

/** Tells on which nodes frames lie. */
export interface FrameNodes {
  /** The only node with memory, where there is but one. */
  readonly only: NodeId | undefined
  /** Finds the nodes of frames, by frame. A frame of which it is unknown is left out. */
  readonly of: (frames: readonly number[]) => ReadonlyMap<number, NodeId>
}

/** The size of a memory block, in hexadecimal digits (drivers/base/memory.c). */
const blockSizePath = '/sys/devices/system/memory/block_size_bytes'

const memoryBlocks = (tree: Tree, nodes: readonly NodeId[]): ReadonlyMap<number, NodeId> =>
  new Map(
    nodes.flatMap((node) =>
      listIfPresent(tree, nodeDirectory(node)).flatMap((name) => {
        const block = /^memory(\d+)$/.exec(name)?.[1]
        return block === undefined ? [] : [[Number(block), node] as const]
      }),
    ),
  )

/** The nodes of frames are those of their memory blocks, which are looked at when first needed. */
export const frameNodes = (tree: Tree, basePage: bigint): FrameNodes => {
  const nodes = readNodes(tree).filter(({ hasMemory }) => hasMemory)
  const only = nodes.length === 1 ? nodes[0]?.id : undefined
  let blocks: ReadonlyMap<number, NodeId> | undefined
  let perBlock = 0
  const lookAtBlocks = (): ReadonlyMap<number, NodeId> => {
    const size = /^[0-9a-f]+/.exec(readIfReadable(tree, blockSizePath) ?? '')?.[0]
    perBlock = size === undefined ? 0 : Number(BigInt(`0x${size}`) / basePage)
    return perBlock === 0
      ? new Map()
      : memoryBlocks(
          tree,
          nodes.map(({ id }) => id),
        )
  }
  const nodeOf = (frame: number): NodeId | undefined => {
    blocks ??= lookAtBlocks()
    return blocks.get(Math.floor(frame / perBlock))
  }
  return {
    only,
    of: (frames) =>
      new Map(
        frames.flatMap((frame) => {
          const node = only ?? nodeOf(frame)
          return node === undefined ? [] : [[frame, node] as const]
        }),
      ),
  }
}
