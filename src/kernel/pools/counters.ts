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

/** Undefined without sysfs, and before 6.1 on a node without memory: it has no such directory. */
export const readIfThere = (tree: Tree, directory: string): Sample<Counters> | undefined => {
  const total = readIfPresent(tree, `${directory}/nr_hugepages`)
  return total === undefined ? undefined : withTotal(tree, directory, total)
}

/** Throws an error that names what is missing. */
export const readCounters = (tree: Tree, directory: string): Sample<Counters> =>
  withTotal(tree, directory, readText(tree, `${directory}/nr_hugepages`))

/** The counters of one pool, on the whole machine or on one node, to be read back after a write. */
export const readCountersOf = (tree: Tree, size: PageSize, node?: NodeId): Counters => {
  const directory = poolDirectory(size, node)
  const read = (): Sample<Counters> =>
    readIfThere(tree, directory) ?? procPoolSample(tree) ?? readCounters(tree, directory)
  return settle(read, ({ total, surplus }) => surplus <= total).value
}
