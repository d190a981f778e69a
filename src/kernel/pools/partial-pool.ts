import { HugepoolError } from '../../errors.ts'
import { attributePath, poolDirectory } from '../../model/pools/attributes.ts'
import type { UnreadablePool } from '../../model/pools/machine.ts'
import type {
  FaultyAttribute,
  ShownCounters,
  ShownNodePool,
  ShownPool,
} from '../../model/pools/shown-pool.ts'
import { fewer, type Pages } from '../../model/words/count.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import { present } from '../../model/words/present.ts'
import { isShortage } from '../errno.ts'
import {
  listIfPresent,
  parseCounter,
  parseKilobytes,
  readIfPresent,
  readText,
} from '../read-attribute.ts'
import { type Sample, settle } from '../settle.ts'
import type { Tree } from '../tree.ts'

/** The result of reading one attribute. One that this kernel lacks has no value and no fault. */
interface AttributeReading {
  readonly text: string
  readonly value?: bigint
  readonly fault?: FaultyAttribute
}

type ReadText = (tree: Tree, path: string) => string | undefined

const readAttribute = (
  tree: Tree,
  path: string,
  read: ReadText,
  parse = parseCounter,
): AttributeReading => {
  try {
    const text = read(tree, path)
    return text === undefined ? { text: '' } : { text, value: parse(text, path) }
  } catch (error) {
    if (!(error instanceof HugepoolError) || isShortage(error)) throw error
    return { text: error.message, fault: { path, message: error.message } }
  }
}

const counterFiles = {
  total: 'nr_hugepages',
  free: 'free_hugepages',
  surplus: 'surplus_hugepages',
} as const

type Readings<Name extends string> = Readonly<Record<Name, AttributeReading>>

const readCounterFiles = (tree: Tree, directory: string): Readings<keyof typeof counterFiles> => {
  const reading = (name: keyof typeof counterFiles) =>
    readAttribute(tree, `${directory}/${counterFiles[name]}`, readText)
  return { total: reading('total'), free: reading('free'), surplus: reading('surplus') }
}

const countersIn = ({ total, free, surplus }: ReturnType<typeof readCounterFiles>): ShownCounters =>
  present({ total: total.value, free: free.value, surplus: surplus.value })

const atMost = (value: Pages | undefined, total: Pages | undefined): Pages | undefined =>
  value === undefined || total === undefined ? value : fewer(value, total)

/** Limits free and surplus pages to the total, for counters that contradict each other. */
const bounded = <Shown extends ShownCounters>(counters: Shown): Shown => {
  const { total, free, surplus } = counters
  const limits = present({ free: atMost(free, total), surplus: atMost(surplus, total) })
  return { ...counters, ...limits }
}

const isPlausible = ({ total, free, surplus }: ShownCounters): boolean =>
  free === atMost(free, total) && surplus === atMost(surplus, total)

const readNodeFiles = (tree: Tree, directory: string, node: NodeId) => {
  // Before 6.1 a node without memory has no directory for its pools.
  const has = listIfPresent(tree, directory).length > 0
  return has ? [{ node, files: readCounterFiles(tree, directory) }] : []
}

const samplePool = (
  tree: Tree,
  { size, isDefault }: Omit<UnreadablePool, 'error'>,
  nodes: readonly NodeId[],
): Sample<ShownPool> => {
  const directory = poolDirectory(size)
  const files = readCounterFiles(tree, directory)
  const reserved = readAttribute(tree, `${directory}/resv_hugepages`, readIfPresent)
  const overcommitPath = attributePath('nr_overcommit_hugepages', size)
  const overcommit = readAttribute(tree, overcommitPath, readIfPresent)
  const demotePath = attributePath('demote_size', size)
  const demote = readAttribute(tree, demotePath, readIfPresent, parseKilobytes)
  const onNodes = nodes.flatMap((node) => readNodeFiles(tree, poolDirectory(size, node), node))
  const all = [files, ...onNodes.map((one) => one.files)].flatMap((each) => Object.values(each))
  const readings = [...all.slice(0, 3), reserved, overcommit, demote, ...all.slice(3)]
  return {
    texts: readings.map(({ text }) => text),
    parse: () => ({
      ...present({
        size,
        isDefault,
        reserved: reserved.value === undefined ? undefined : BigInt.asIntN(64, reserved.value),
        overcommit: overcommit.value,
        demoteSize: demote.value,
      }),
      ...countersIn(files),
      nodes: onNodes.map((one): ShownNodePool => ({ node: one.node, ...countersIn(one.files) })),
      settled: true,
      faulty: readings.flatMap(({ fault }) => fault ?? []),
    }),
  }
}

/**
 * Reads as much as can be read of a pool that `readPools` could not read as a whole. Each attribute
 * is read by itself, and those at fault are named.
 */
export const readPartialPool = (
  tree: Tree,
  pool: Omit<UnreadablePool, 'error'>,
  nodes: readonly NodeId[],
): ShownPool => {
  const plausible = (shown: ShownPool) => [shown, ...shown.nodes].every(isPlausible)
  const { value, settled } = settle(() => samplePool(tree, pool, nodes), plausible)
  if (settled && plausible(value)) return value
  return { ...bounded(value), nodes: value.nodes.map(bounded), settled: false }
}
