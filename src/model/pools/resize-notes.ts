import { ascending } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import { formatNodes, type NodeId, namedNodes } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { isGigantic } from './gigantic.ts'
import { countersOf, findPool, type Machine, memoryNodes } from './machine.ts'
import type { FittedCount } from './memory-fit.ts'
import type { ResolvedCount } from './pool-counts.ts'
import type { PoolStep } from './pool-plan.ts'

const nodesNamed = (resolved: readonly ResolvedCount[]): readonly NodeId[] =>
  resolved.flatMap(({ node }) => (node === undefined ? [] : [node]))

const eachNodeNote = (ofPool: readonly ResolvedCount[]): readonly string[] => {
  const nodes = nodesNamed(ofPool)
  const [first] = ofPool
  if (first === undefined || nodes.length < 2) return []
  const pages = ofPool.map(({ requested }) => requested ?? 0n)
  const total = pages.reduce((sum, count) => sum + count, 0n)
  const same = pages.every((count) => count === pages[0])
  const each = same ? plural(pages[0] ?? 0n, 'page') : 'the count'
  return [
    `${formatSize(first.pool.size)}: ${each} on each of nodes ${formatNodes(nodes)}, ${total} in all`,
  ]
}

/** Describes a COUNT with --node, which applies to each node, and its sum. */
export const eachNodeNotes = (resolved: readonly ResolvedCount[]): readonly string[] =>
  [...new Set(resolved.map(({ pool }) => pool))].flatMap((pool) =>
    eachNodeNote(resolved.filter((one) => one.pool === pool)),
  )

const givenBy = (pages: Pages, nodes: readonly NodeId[]): string =>
  `${pages} from ${nodes.length === 1 ? '' : 'each of '}${namedNodes(nodes)}`

/** Says what each node gives where the parts are not equal, because memory is short on one. */
export const unequalNotes = ({ pool, shares }: FittedCount): readonly string[] => {
  if (shares === undefined) return []
  const counts = [...new Set(shares.values())].sort(ascending)
  const nodesThatGive = (pages: Pages) =>
    [...shares].flatMap(([id, its]) => (its === pages ? [id] : []))
  const given = counts.map((pages) => givenBy(pages, nodesThatGive(pages)))
  return [
    `${formatSize(pool.size)}: not an equal part of each node, for memory is short on one: ${given.join(', ')}`,
  ]
}

/** Whether a step needs memory: surplus pages become persistent without any. */
const takesMemory = ({ pools }: Machine, { size, node, before, value }: PoolStep): boolean =>
  value - before > countersOf(findPool({ pools }, size), node).surplus

/**
 * Names the nodes that the cpuset of this process excludes, where the kernel silently gives no
 * pages.
 */
export const cpusetNotes = (machine: Machine, steps: readonly PoolStep[]): readonly string[] => {
  const { allowedNodes } = machine
  if (allowedNodes === undefined) return []
  const all = memoryNodes(machine).map(({ id }) => id)
  const asked = steps
    .filter((step) => takesMemory(machine, step) && !isGigantic(machine, step.size))
    .flatMap(({ node, policy }) => (node === undefined ? (policy?.nodes ?? all) : [node]))
  const hidden = [...new Set(asked)].filter((node) => !allowedNodes.includes(node))
  if (hidden.length === 0) return []
  return [
    `the cpuset of this process allows ${namedNodes(allowedNodes)} only: the kernel gives nothing on ${namedNodes(hidden)}`,
  ]
}
