import { readFileSync } from 'node:fs'
import { nodesDirectory, sizes } from './machine.ts'
import { wholeBlocks } from './needs.ts'

/** The smallest margin of man/hugepool-resize.8, or 2% of the memory. */
const leastMargin = 2 ** 26

/** Bytes, from the meminfo of a node. */
export const nodeMeminfo = (node: number, key: string): number => {
  const text = readFileSync(`${nodesDirectory}/node${node}/meminfo`, 'utf8')
  const pattern = new RegExp(`^Node ${node} ${key.replaceAll(/[()]/g, '\\$&')}: *(\\d+) kB$`, 'm')
  return Number(pattern.exec(text)?.[1]) * 1024
}

/** What man/hugepool-resize.8 calls available on one of several nodes, in bytes. */
export const availableOn = (node: number): number =>
  ['MemFree', 'Active(file)', 'Inactive(file)', 'KReclaimable'].reduce(
    (sum, key) => sum + nodeMeminfo(node, key),
    0,
  )

export const marginOf = (node: number): number =>
  Math.max(leastMargin, nodeMeminfo(node, 'MemTotal') / 50)

/** Pages of the smallest size that lie ready in the free blocks of each node. */
export const readyPages = (): readonly number[] =>
  wholeBlocks().map((bytes) => bytes / (sizes[0] as number))
