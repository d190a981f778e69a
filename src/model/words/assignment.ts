import { usage } from '../../errors.ts'
import { type Count, parseCount, type Rounding } from './count.ts'
import { type NodeId, parseNode } from './node-list.ts'
import { parseSize, type SizeWord } from './page-size.ts'

export interface NodeCount {
  readonly node: NodeId
  readonly count: Count
}

/**
 * SIZE=COUNT, or SIZE=NODE:COUNT[,NODE:COUNT...], the form that the kernel's boot parameter takes.
 */
export interface Assignment {
  readonly text: string
  readonly size: SizeWord
  readonly counts: Count | readonly NodeCount[]
}

const assignmentForms = 'write SIZE=COUNT as in 2M=512, or SIZE=NODE:COUNT,... as in 1G=0:2,1:2'

export const namesNodes = (
  assignment: Assignment,
): assignment is Assignment & { readonly counts: readonly NodeCount[] } =>
  Array.isArray(assignment.counts)

/** Whether an assignment asks for as many pages as there is room for. */
export const asksForMost = ({ counts }: Assignment): boolean =>
  'kind' in counts ? counts.kind === 'max' : counts.some(({ count }) => count.kind === 'max')

const parseNodeCount = (text: string): NodeCount => {
  const colon = text.indexOf(':')
  if (colon < 0) throw usage(`'${text}' names no node`, assignmentForms)
  return { node: parseNode(text.slice(0, colon)), count: parseCount(text.slice(colon + 1)) }
}

const parseNodeCounts = (text: string, words: string): readonly NodeCount[] => {
  const counts = words.split(',').map(parseNodeCount)
  const seen = new Set<NodeId>()
  for (const { node } of counts) {
    if (seen.has(node)) throw usage(`'${text}' names node ${node} twice`)
    seen.add(node)
  }
  return counts
}

const roundedCount = (count: Count, round: Rounding): Count =>
  count.kind === 'memory' ? { ...count, round } : count

/** Returns an assignment whose amounts of memory are rounded to whole pages. */
export const roundedAssignment = (assignment: Assignment, round: Rounding): Assignment => ({
  ...assignment,
  counts: namesNodes(assignment)
    ? assignment.counts.map(({ node, count }) => ({ node, count: roundedCount(count, round) }))
    : roundedCount(assignment.counts as Count, round),
})

/**
 * Reads what stands behind the `=` of an assignment; `text` is the whole of it, for errors. Throws
 * E_USAGE where the text has neither form.
 */
export const parseCounts = (words: string, text: string = words): Assignment['counts'] =>
  words.includes(':') ? parseNodeCounts(text, words) : parseCount(words)

/** Reads ASSIGNMENT. Throws E_USAGE where the text has neither form. */
export const parseAssignment = (text: string): Assignment => {
  const equals = text.indexOf('=')
  if (equals < 0) throw usage(`'${text}' is not an assignment`, assignmentForms)
  const size = parseSize(text.slice(0, equals))
  return { text, size, counts: parseCounts(text.slice(equals + 1), text) }
}
