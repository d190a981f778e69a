import { HugepoolError } from '../../errors.ts'
import { attributePath, poolDirectory, poolsDirectory } from '../../model/pools/attributes.ts'
import type {
  Counters,
  NodePool,
  Pool,
  PoolSet,
  UnreadablePool,
} from '../../model/pools/machine.ts'
import { ascending, fromKilobytes } from '../../model/words/bytes.ts'
import { fewer, type Pages } from '../../model/words/count.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { isShortage } from '../errno.ts'
import {
  listIfPresent,
  missingHugeTlb,
  parseCounter,
  parseKilobytes,
  readIfPresent,
} from '../read-attribute.ts'
import { agree, type Sample, settle } from '../settle.ts'
import type { Tree } from '../tree.ts'
import { readCounters, readIfThere } from './counters.ts'
import { type Meminfo, readMeminfo } from './meminfo.ts'
import { readNodeIds } from './nodes.ts'
import { procPageSizes, procPoolSample } from './proc-pool.ts'

const sizeNamed = (name: string): PageSize | undefined => {
  const kilobytes = /^hugepages-([1-9][0-9]*)kB$/.exec(name)?.[1]
  return kilobytes === undefined ? undefined : fromKilobytes(kilobytes)
}

/** Reads the page sizes that can be seen, smallest first, for readdir gives them in no order. */
export const readPageSizes = (tree: Tree): readonly PageSize[] => {
  const sizes = listIfPresent(tree, poolsDirectory)
    .map(sizeNamed)
    .filter((size) => size !== undefined)
    .sort(ascending)
  return sizes.length > 0 ? sizes : procPageSizes(tree)
}

type PoolCounters = Omit<Pool, 'isDefault' | 'demoteSize' | 'settled'>

const optionalCounter = (text: string | undefined, path: string): Pages | undefined =>
  text === undefined ? undefined : parseCounter(text, path)

/**
 * Converts a counter of 64 bits that can be negative. From 6.12 on `resv_hugepages` can wrap below
 * zero while a freed page is still pinned.
 */
const signed = (counter: Pages | undefined): Pages | undefined =>
  counter === undefined ? undefined : BigInt.asIntN(64, counter)

const readNodePool = (tree: Tree, size: PageSize, node: NodeId): Sample<NodePool> | undefined => {
  const sample = readIfThere(tree, poolDirectory(size, node))
  return sample && { texts: sample.texts, parse: () => ({ node, ...sample.parse() }) }
}

/**
 * Whether the counters of the nodes add up to those of the machine. The kernel changes both under
 * one lock (`hugetlb_lock` in mm/hugetlb.c), so samples of different moments hardly ever do.
 */
const addUp = (nodes: readonly Sample<NodePool>[], whole: readonly string[]): boolean =>
  nodes.length > 0 &&
  whole.every(
    (text, index) =>
      nodes.reduce((sum, { texts }) => sum + Number(texts[index]), 0) === Number(text),
  )

const procSample = (tree: Tree): Sample<PoolCounters> | undefined => {
  const sample = procPoolSample(tree)
  return sample && { ...sample, parse: () => ({ ...sample.parse(), nodes: [] }) }
}

const readOnce = (tree: Tree, size: PageSize, nodes: readonly NodeId[]): Sample<PoolCounters> => {
  const counters = readIfThere(tree, poolDirectory(size))
  if (counters !== undefined) return withNodes(tree, size, nodes, counters)
  return procSample(tree) ?? withNodes(tree, size, nodes, readCounters(tree, poolDirectory(size)))
}

const withNodes = (
  tree: Tree,
  size: PageSize,
  nodes: readonly NodeId[],
  counters: Sample<Counters>,
): Sample<PoolCounters> => {
  const directory = poolDirectory(size)
  const reservedPath = `${directory}/resv_hugepages`
  const overcommitPath = `${directory}/nr_overcommit_hugepages`
  const reservedText = readIfPresent(tree, reservedPath)
  const overcommitText = readIfPresent(tree, overcommitPath)
  const onNodes = nodes.flatMap((node) => readNodePool(tree, size, node) ?? [])
  const parse = (): PoolCounters => {
    const reserved = signed(optionalCounter(reservedText, reservedPath))
    const overcommit = optionalCounter(overcommitText, overcommitPath)
    return present({
      size,
      ...counters.parse(),
      reserved,
      overcommit,
      nodes: onNodes.map((one) => one.parse()),
    })
  }
  const ofNodes = onNodes.flatMap((one) => one.texts)
  return {
    texts: [...counters.texts, `${reservedText}`, `${overcommitText}`, ...ofNodes],
    // Reading the counters of the machine again is cheaper than those of all nodes.
    isProven: () =>
      addUp(onNodes, counters.texts) && agree(readCounters(tree, directory).texts, counters.texts),
    parse,
  }
}

const plausible = (pool: PoolCounters): boolean =>
  [pool, ...pool.nodes].every(({ total, free, surplus }) => free <= total && surplus <= total)

/** Limits free and surplus pages to the total, for counters that never agreed with each other. */
const bounded = <Unsettled extends Counters>(counters: Unsettled): Unsettled => ({
  ...counters,
  free: fewer(counters.free, counters.total),
  surplus: fewer(counters.surplus, counters.total),
})

const readDemoteSize = (tree: Tree, size: PageSize): PageSize | undefined => {
  const path = attributePath('demote_size', size)
  const text = readIfPresent(tree, path)
  return text === undefined ? undefined : parseKilobytes(text, path)
}

/** Reads the counters of a pool, for the whole machine and for each of `nodes`. */
export const readPool = (tree: Tree, size: PageSize, nodes: readonly NodeId[]): Pool => {
  const { value, settled } = settle(() => readOnce(tree, size, nodes), plausible)
  const sensible = settled && plausible(value)
  return {
    ...(sensible ? value : { ...bounded(value), nodes: value.nodes.map(bounded) }),
    settled: sensible,
  }
}

/** Runs `read` and returns its error in place of its value, where an attribute is at fault. */
const attempt = <T>(read: () => T): T | HugepoolError => {
  try {
    return read()
  } catch (error) {
    if (error instanceof HugepoolError && !isShortage(error)) return error
    throw error
  }
}

/** What was read of the machine before, so that it is not read again. */
export interface EarlierReading {
  readonly meminfo: Meminfo
  readonly nodeIds: readonly NodeId[]
}

/**
 * Reads the pools of this machine, smallest page size first, and with `perNode` the counters of
 * every node. A pool with an attribute that cannot be read or holds no number is one of
 * `unreadable`. Throws E_UNSUPPORTED without HugeTLB.
 */
export const readPools = (tree: Tree, perNode: boolean, known?: EarlierReading): PoolSet => {
  const sizes = readPageSizes(tree)
  if (sizes.length === 0) throw missingHugeTlb(tree)
  const nodes = perNode ? (known?.nodeIds ?? readNodeIds(tree)) : []
  const defaultSize = (known?.meminfo ?? readMeminfo(tree)).get('Hugepagesize')
  const pools: Pool[] = []
  const unreadable: UnreadablePool[] = []
  for (const size of sizes) {
    const isDefault = defaultSize === undefined ? undefined : size === defaultSize
    const read = attempt(() => {
      const demoteSize = readDemoteSize(tree, size)
      return present({ ...readPool(tree, size, nodes), isDefault, demoteSize })
    })
    if (read instanceof HugepoolError) unreadable.push(present({ size, isDefault, error: read }))
    else pools.push(read)
  }
  return unreadable.length > 0 ? { pools, unreadable } : { pools }
}
