import { readMemory, readNodes } from '../../kernel/pools/nodes.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { MemoryMinimum, PoolStep } from '../../model/pools/pool-plan.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import type { Pages } from '../../model/words/count.ts'

const concerns = (step: PoolStep, { node }: MemoryMinimum): boolean => {
  if (node === undefined) return true
  if (step.node !== undefined) return step.node === node
  return step.policy?.nodes.includes(node) ?? true
}

/**
 * Returns the memory that must stay available. Available memory fluctuates while pages are taken,
 * so a quarter of the margin may be used up before the growth is stopped.
 */
const bytesToKeep = (leave: Bytes): Bytes => (leave * 3n) / 4n

/**
 * Returns how many pages a step can take if they all come from the node with the least memory to
 * spare. Undefined where no minimum limits the step. The plan assumes an even spread, but a node
 * whose memory is fragmented gives fewer pages, and the kernel takes the rest from the other nodes.
 */
export const headroom = (
  tree: Tree,
  step: PoolStep,
  minimums: readonly MemoryMinimum[],
): Pages | undefined => {
  const concerned = minimums.filter((minimum) => concerns(step, minimum))
  if (concerned.length === 0) return undefined
  const machine = readMemory(tree)
  const nodes = readNodes(tree)
  const spare = concerned.flatMap(({ node, leave }) => {
    const memory = node === undefined ? machine : nodes.find(({ id }) => id === node)?.memory
    return memory === undefined ? [] : [memory.available - bytesToKeep(leave)]
  })
  if (spare.length === 0) return undefined
  const least = spare.reduce((smallest, bytes) => (bytes < smallest ? bytes : smallest))
  if (least < 0n) return 0n
  // One node may have less than a page to spare while the other nodes can still give one each.
  return least > step.size ? least / step.size : 1n
}
