import { attributePath, poolDirectory, poolsDirectory } from '../model/attributes.ts'
import type { Pages } from '../model/count.ts'
import type { Counters, NodePool, Pool } from '../model/machine.ts'
import type { NodeId } from '../model/node-list.ts'
import type { PageSize } from '../model/page-size.ts'
import { readMeminfo } from './meminfo.ts'
import { readNodeIds } from './nodes.ts'
import { type Reading, settle } from './settle.ts'
import type { Tree } from './tree.ts'
import {
  listIfPresent,
  missingHugeTlb,
  parseCounter,
  parseKilobytes,
  readIfPresent,
  readText,
} from './values.ts'

const sizeOf = (name: string): PageSize | undefined => {
  const kilobytes = /^hugepages-([1-9][0-9]*)kB$/.exec(name)?.[1]
  return kilobytes === undefined ? undefined : BigInt(kilobytes) * 1024n
}

const bySize = (a: PageSize, b: PageSize): number => Number(a > b) - Number(a < b)

/** The page sizes of this kernel, smallest first (readdir gives them in no order). */
export const readPageSizes = (tree: Tree): readonly PageSize[] =>
  listIfPresent(tree, poolsDirectory)
    .map(sizeOf)
    .filter((size) => size !== undefined)
    .sort(bySize)

type PoolCounters = Omit<Pool, 'isDefault' | 'settled'>

const optionalCounter = (text: string | undefined, path: string): Pages | undefined =>
  text === undefined ? undefined : parseCounter(text, path)

/** From 6.12 on `resv_hugepages` can wrap below zero while a freed page is still pinned. */
const signed = (counter: Pages | undefined): Pages | undefined =>
  counter === undefined ? undefined : BigInt.asIntN(64, counter)

const counterNames = ['nr_hugepages', 'free_hugepages', 'surplus_hugepages'] as const

const parseCounters = (texts: readonly string[], directory: string): Counters => {
  const [total = 0n, free = 0n, surplus = 0n] = counterNames.map((name, index) =>
    parseCounter(texts[index] ?? '', `${directory}/${name}`),
  )
  return { total, free, surplus }
}

const readCounters = (tree: Tree, directory: string) => {
  const texts = counterNames.map((name) => readText(tree, `${directory}/${name}`))
  return { texts, counters: parseCounters(texts, directory) }
}

/** Before 6.1 a node without memory has no directory for its pools. */
const readNodePools = (tree: Tree, size: PageSize, nodes: readonly NodeId[]) =>
  nodes.flatMap((node) => {
    const directory = poolDirectory(size, node)
    const first = readIfPresent(tree, `${directory}/nr_hugepages`)
    if (first === undefined) return []
    const rest = counterNames.slice(1).map((name) => readText(tree, `${directory}/${name}`))
    const texts = [first, ...rest]
    const pool: NodePool = { node, ...parseCounters(texts, directory) }
    return [{ texts, pool }]
  })

const readOnce = (tree: Tree, size: PageSize, nodes: readonly NodeId[]): Reading<PoolCounters> => {
  const directory = poolDirectory(size)
  const { texts, counters } = readCounters(tree, directory)
  const reservedPath = `${directory}/resv_hugepages`
  const overcommitPath = `${directory}/nr_overcommit_hugepages`
  const reservedText = readIfPresent(tree, reservedPath)
  const overcommitText = readIfPresent(tree, overcommitPath)
  const reserved = signed(optionalCounter(reservedText, reservedPath))
  const overcommit = optionalCounter(overcommitText, overcommitPath)
  const onNodes = readNodePools(tree, size, nodes)
  return {
    texts: [
      ...texts,
      `${reservedText}`,
      `${overcommitText}`,
      ...onNodes.flatMap((one) => one.texts),
    ],
    value: {
      size,
      ...counters,
      ...(reserved !== undefined && { reserved }),
      ...(overcommit !== undefined && { overcommit }),
      nodes: onNodes.map(({ pool }) => pool),
    },
  }
}

const plausible = (pool: PoolCounters): boolean =>
  [pool, ...pool.nodes].every(({ total, free, surplus }) => free <= total && surplus <= total)

const readDemoteSize = (tree: Tree, size: PageSize): PageSize | undefined => {
  const path = attributePath('demote_size', size)
  const text = readIfPresent(tree, path)
  return text === undefined ? undefined : parseKilobytes(text, path)
}

/**
 * The pools of this machine, smallest page size first. `perNode` also reads every node's counters.
 * Throws E_UNSUPPORTED without HugeTLB and E_KERNEL where a counter is not a number.
 */
export const readPools = (tree: Tree, perNode: boolean): readonly Pool[] => {
  const sizes = readPageSizes(tree)
  if (sizes.length === 0) throw missingHugeTlb()
  const nodes = perNode ? readNodeIds(tree) : []
  const defaultSize = readMeminfo(tree).get('Hugepagesize')
  return sizes.map((size) => {
    const { value, settled } = settle(() => readOnce(tree, size, nodes), plausible)
    const demoteSize = readDemoteSize(tree, size)
    return {
      ...value,
      isDefault: size === defaultSize,
      ...(demoteSize !== undefined && { demoteSize }),
      settled,
    }
  })
}

/** The counters of one pool, or of a pool on one node, for reading back after a write. */
export const readCountersOf = (tree: Tree, size: PageSize, node?: NodeId): Counters => {
  const read = () => {
    const { texts, counters } = readCounters(tree, poolDirectory(size, node))
    return { texts, value: counters }
  }
  return settle(read, ({ total, surplus }) => surplus <= total).value
}
