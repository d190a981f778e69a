import { poolDirectory } from '../../model/pools/attributes.ts'
import type { Counters } from '../../model/pools/machine.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { parseCounter, readIfPresent, readText } from '../read-attribute.ts'
import { type Sample, settle } from '../settle.ts'
import type { Tree } from '../tree.ts'
import { procPoolSample } from './proc-pool.ts'

const counterNames = ['nr_hugepages', 'free_hugepages', 'surplus_hugepages'] as const

const parseCounters = (texts: readonly string[], directory: string): Counters => {
  const [total = 0n, free = 0n, surplus = 0n] = counterNames.map((name, index) =>
    parseCounter(texts[index] ?? '', `${directory}/${name}`),
  )
  return { total, free, surplus }
}

const withTotal = (tree: Tree, directory: string, total: string): Sample<Counters> => {
  const rest = counterNames.slice(1).map((name) => readText(tree, `${directory}/${name}`))
  const texts = [total, ...rest]
  return { texts, parse: () => parseCounters(texts, directory) }
}

/**
 * Reads the counters in a directory. Returns undefined where it is missing: without sysfs, and
 * before 6.1 for a node without memory.
 */
export const readIfThere = (tree: Tree, directory: string): Sample<Counters> | undefined => {
  const total = readIfPresent(tree, `${directory}/nr_hugepages`)
  return total === undefined ? undefined : withTotal(tree, directory, total)
}

/** Reads the counters in a directory. Throws an error that names a missing file. */
export const readCounters = (tree: Tree, directory: string): Sample<Counters> =>
  withTotal(tree, directory, readText(tree, `${directory}/nr_hugepages`))

/** Reads the counters of a pool, on the whole machine or on one node, back after a write. */
export const readCountersOf = (tree: Tree, size: PageSize, node?: NodeId): Counters => {
  const directory = poolDirectory(size, node)
  const read = (): Sample<Counters> =>
    readIfThere(tree, directory) ?? procPoolSample(tree) ?? readCounters(tree, directory)
  return settle(read, ({ total, surplus }) => surplus <= total).value
}
