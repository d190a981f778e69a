import { objectionOf, throwAll, unsupported, usage } from '../../errors.ts'
import { type Assignment, namesNodes } from '../words/assignment.ts'
import { ascending } from '../words/bytes.ts'
import { uncertainty } from '../words/certain-count.ts'
import { type Count, namedPages, type Pages } from '../words/count.ts'
import { type NodeId, namedNodes } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { sum } from '../words/sum.ts'
import { machineWords, nodesWithMemory } from './boot-machine.ts'
import { formatSeries, rulesOf } from './kernel-series.ts'
import type { LineTarget } from './line-request.ts'

/** The pages of one size that a line has to bring. */
export interface AskedPages {
  readonly size: PageSize
  /** The pages on all nodes together, also where nodes are named. */
  readonly count: Pages
  /**
   * The pages on each node, in the order of the ids and without nodes that have none; absent where
   * the kernel chooses the nodes.
   */
  readonly nodes?: ReadonlyMap<NodeId, Pages>
}

/**
 * Throws E_UNSUPPORTED for a size that the processor lacks: a kernel would ignore its word and the
 * count behind it.
 */
export const checkSize = ({ machine }: LineTarget, size: PageSize): void => {
  if (machine.sizes.includes(size)) return
  const sizes = [...machine.sizes].sort(ascending).map(formatSize).join(', ')
  throw unsupported(
    'no-size',
    machine.architecture === undefined
      ? `there are no ${formatSize(size)} pages here`
      : `there are no ${formatSize(size)} pages on ${machine.architecture}`,
    `${machineWords(machine)} has ${sizes}`,
  )
}

/** Throws E_UNSUPPORTED for a node from which no pages can come. */
export const checkGivingNode = ({ machine }: LineTarget, node: NodeId): void => {
  const there = nodesWithMemory(machine)
  if (there.some((one) => one.node === node)) return
  const isBare = machine.nodes.some((one) => one.node === node)
  throw unsupported(
    'no-node',
    isBare ? `node ${node} has no memory` : `there is no node ${node} here`,
    `memory is on ${namedNodes(there.map((one) => one.node))}`,
  )
}

const certainForms = 'a count on the kernel command line is written as 512 or 8G'

/**
 * Returns the pages of a count that means the same at every start. Throws E_USAGE for any other
 * count.
 */
export const pagesOfEveryStart = (text: string, count: Count, size: PageSize): Pages => {
  const why = uncertainty(count)
  if (why !== undefined)
    throw usage(`'${text}' cannot stand on a kernel command line: ${why}`, certainForms)
  if (!('sign' in count) || count.sign !== '')
    throw usage(
      `'${text}' cannot stand on a kernel command line: a start has no pages that a count could be relative to`,
      certainForms,
    )
  return namedPages(count, size)
}

const checkNodeForm = ({ series }: LineTarget, size: PageSize, count: Pages): void => {
  if (rulesOf(series).nodeForm) return
  throw unsupported(
    'no-feature',
    `Linux ${formatSeries(series)} takes no nodes on its command line: 5.16 is the first that does`,
    `${formatSize(size)}=${count} leaves the nodes to the kernel, and 'hugepool apply' corrects them`,
  )
}

const pagesOnNodes = (
  target: LineTarget,
  { text, counts }: Assignment & { readonly counts: readonly { node: NodeId; count: Count }[] },
  size: PageSize,
): AskedPages => {
  const pages = counts
    .map(({ node, count }) => [node, pagesOfEveryStart(text, count, size)] as const)
    .sort(([a], [b]) => a - b)
  checkNodeForm(target, size, sum(pages.map(([, count]) => count)))
  throwAll(counts.flatMap(({ node }) => objectionOf(() => checkGivingNode(target, node))))
  const nodes = new Map(pages.filter(([, count]) => count > 0n))
  return { size, count: sum(nodes.values()), nodes }
}

/**
 * Returns what an assignment asks for. Throws E_USAGE for the size `default` and for a count that
 * differs from one start to the next, and E_UNSUPPORTED for what this kernel or machine lacks.
 */
const askedOf = (target: LineTarget, assignment: Assignment): AskedPages => {
  const { text, size, counts } = assignment
  if (size === 'default')
    throw usage(
      `'${text}' names no page size: the line itself decides which one is the default`,
      'name the size, as in 2M=512',
    )
  checkSize(target, size)
  return namesNodes(assignment)
    ? pagesOnNodes(target, assignment, size)
    : { size, count: pagesOfEveryStart(text, counts as Count, size) }
}

const checkNamedOnce = (assignments: readonly Assignment[]): void => {
  const sizes = assignments.map(({ size }) => size)
  const repeated = sizes.find((size, at) => size !== 'default' && sizes.indexOf(size) !== at)
  if (repeated === undefined || repeated === 'default') return
  const size = formatSize(repeated)
  throw usage(
    `the pool of ${size} pages is named twice`,
    `name each pool once, with all its nodes, as in ${size}=0:1,1:1`,
  )
}

/**
 * Returns the pages that assignments ask of a start, largest size first, without sizes that have
 * none. Throws E_USAGE for a count that differs from one start to the next and for a size that is
 * named twice, and E_UNSUPPORTED for what this kernel or machine lacks.
 */
export const pagesAsked = (
  target: LineTarget,
  assignments: readonly Assignment[],
): readonly AskedPages[] => {
  checkNamedOnce(assignments)
  throwAll(assignments.flatMap((one) => objectionOf(() => askedOf(target, one))))
  return assignments
    .map((one) => askedOf(target, one))
    .filter(({ count }) => count > 0n)
    .sort((a, b) => ascending(b.size, a.size))
}
