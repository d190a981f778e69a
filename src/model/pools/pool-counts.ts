import { unsupported, usage } from '../../errors.ts'
import { type Assignment, namesNodes } from '../words/assignment.ts'
import { largestNumber } from '../words/bytes.ts'
import { type Count, namedPages, type Pages } from '../words/count.ts'
import { type NodeId, type NodeSelection, onNode } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { type KeepsGoing, type PartLeftOut, partName, type Sifted, sifted } from './left-out.ts'
import {
  checkHasPool,
  findNode,
  findPool,
  type Machine,
  type Memory,
  memoryNodes,
  type Pool,
  sysfsHint,
} from './machine.ts'

/** A pool or its part on one node, and the count that was typed for it. */
export interface PoolCount {
  readonly pool: Pool
  readonly node?: NodeId
  readonly count: Count
}

/**
 * A requested number of persistent pages; `requested` is undefined while `max` is not yet computed.
 */
export interface ResolvedCount extends PoolCount {
  readonly before: Pages
  readonly requested: Pages | undefined
}

const nodesSelected = (machine: Machine, selection: NodeSelection): readonly NodeId[] => {
  if (selection !== 'all') return selection
  const nodes = memoryNodes(machine).map(({ id }) => id)
  if (nodes.length === 0)
    throw machine.pools.some(({ onlyInProc }) => onlyInProc)
      ? unsupported('not-shown', 'no node can be seen here', sysfsHint)
      : unsupported('no-node', 'there is no node with memory here')
  return nodes
}

/** Writes the assignment of a count with another amount: `2M=552M`, `2M=1:552M`. */
export const typedFor =
  (pool: Pool, node: NodeId | undefined) =>
  (amount: string): string =>
    `${formatSize(pool.size)}=${node === undefined ? '' : `${node}:`}${amount}`

const countOn = (pool: Pool, node: NodeId, count: Count): PoolCount => ({ pool, node, count })

const expandAssignment = (
  machine: Machine,
  assignment: Assignment,
  selection: NodeSelection | undefined,
): readonly PoolCount[] => {
  const pool = findPool(machine, assignment.size)
  if (namesNodes(assignment)) {
    if (selection !== undefined)
      throw usage(`'${assignment.text}' names nodes already, so --node cannot`)
    return assignment.counts.map(({ node, count }) => countOn(pool, node, count))
  }
  const count = assignment.counts as Count
  if (selection === undefined) return [{ pool, count }]
  return nodesSelected(machine, selection).map((node) => countOn(pool, node, count))
}

/** Whether a count is zero whatever the pool has. Zero pages need no pool on a node. */
const isZero = (count: Count): boolean =>
  (count.kind === 'pages' && count.pages === 0n) ||
  (count.kind === 'memory' && count.bytes === 0n) ||
  (count.kind === 'percent' && count.percent === 0n)

const checkRepeated = (pools: readonly Pool[], nodes: boolean): void => {
  const repeated = pools.find((pool, index) => pools.indexOf(pool) !== index)
  if (repeated === undefined) return
  const size = formatSize(repeated.size)
  throw usage(
    `the pool of ${size} pages is named twice`,
    nodes
      ? `name each pool once, with all its nodes, as in ${size}=0:1,1:1`
      : 'name each pool once',
  )
}

const checkNode = (machine: Machine, { pool, node, count }: PoolCount): void => {
  if (node === undefined) return
  findNode(machine, node)
  if (!isZero(count)) checkHasPool(pool, node)
}

/** Names an assignment that is left out. One that names nodes has no single number. */
const assignmentName = (assignment: Assignment): Omit<PartLeftOut, 'error'> => {
  const { size, counts } = assignment
  return size === 'default' || namesNodes(assignment)
    ? { size }
    : partName({ size }, undefined, counts as Count)
}

/**
 * Expands assignments to the pools and nodes that they mean on this machine. Throws E_UNSUPPORTED
 * for a page size or node that does not exist, which a call that keeps going leaves out. Throws
 * E_USAGE for a pool that is named twice or nodes that are named in two ways.
 */
export const siftAssignments = (
  machine: Machine,
  assignments: readonly Assignment[],
  selection: NodeSelection | undefined,
  how: KeepsGoing,
): Sifted<PoolCount> => {
  const there = sifted(
    how,
    assignments,
    (assignment) => [{ assignment, pool: findPool(machine, assignment.size) }],
    assignmentName,
  )
  checkRepeated(
    there.kept.map(({ pool }) => pool),
    assignments.some(namesNodes),
  )
  const wanted = sifted(
    how,
    there.kept,
    ({ assignment }) => expandAssignment(machine, assignment, selection),
    ({ assignment }) => assignmentName(assignment),
  )
  const onNodes = sifted(
    how,
    wanted.kept,
    (one) => {
      checkNode(machine, one)
      return [one]
    },
    ({ pool, node, count }) => partName(pool, node, count),
  )
  return {
    kept: onNodes.kept,
    leftOut: [...there.leftOut, ...wanted.leftOut, ...onNodes.leftOut],
  }
}

/** Expands assignments to all that they mean. Throws the errors of `siftAssignments`. */
export const expandAssignments = (
  machine: Machine,
  assignments: readonly Assignment[],
  selection?: NodeSelection,
): readonly PoolCount[] => siftAssignments(machine, assignments, selection, {}).kept

const percentOf = (memory: Memory | undefined, percent: bigint, pool: Pool): Pages => {
  if (memory === undefined)
    throw unsupported('not-shown', 'the kernel does not say how much memory there is')
  return (memory.total * percent) / 100n / pool.size
}

/**
 * Returns the number of pages that a count means, where `before` is the present number; undefined
 * for `max`, which depends on the other counts. Throws E_USAGE below zero and above 2^63 - 1.
 */
export const resolveCount = (
  { pool, node, count }: PoolCount,
  before: Pages,
  memory: Memory | undefined,
): Pages | undefined => {
  if (count.kind === 'max') return undefined
  if (count.kind === 'percent') return percentOf(memory, count.percent, pool)
  const named = namedPages(count, pool.size, typedFor(pool, node))
  if (count.sign === '') return named
  const pages = count.sign === '+' ? before + named : before - named
  const size = formatSize(pool.size)
  if (pages < 0n)
    throw usage(
      `${size}${onNode(node)} has ${before}: cannot take ${named} away`,
      `${size}=0 leaves none`,
    )
  if (pages > largestNumber) throw usage(`more than ${largestNumber} pages of ${size}`)
  return pages
}
