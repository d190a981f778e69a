import { usage } from '../../errors.ts'
import { decimalPattern } from './bytes.ts'

/** The id of a NUMA node. Ids may have gaps. */
export type NodeId = number

/** Returns the words that name a node behind a pool or an amount; none for the whole machine. */
export const onNode = (node: NodeId | undefined): string =>
  node === undefined ? '' : ` on node ${node}`

/** NODES as it was typed. */
export type NodeSelection = 'all' | readonly NodeId[]

/** MAX_NUMNODES of the kernel is at most 1024 on every architecture (NODES_SHIFT <= 10). */
const largestNode = 1023

export const nodeForms = 'nodes are written as 0, 0-3, 0-3,5 or all'

/** Reads an id as the kernel writes it; undefined for anything else, such as `01` or 1024. */
export const nodeNumber = (text: string): NodeId | undefined =>
  decimalPattern.test(text) && text.length <= 4 && Number(text) <= largestNode
    ? Number(text)
    : undefined

const parseRange = (text: string): readonly NodeId[] | undefined => {
  const [first, last, ...more] = text.split('-')
  const from = nodeNumber(first ?? '')
  const to = last === undefined ? from : nodeNumber(last)
  if (from === undefined || to === undefined || to < from || more.length > 0) return undefined
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/**
 * Reads the kernel's list format: `0-3,5` or an empty line. Returns undefined for anything else.
 */
export const parseNodeList = (text: string): readonly NodeId[] | undefined => {
  const trimmed = text.trim()
  if (trimmed === '') return []
  const words = trimmed.split(',', largestNode + 2)
  if (words.length > largestNode + 1) return undefined
  const ranges = words.map(parseRange)
  return ranges.includes(undefined) ? undefined : ranges.flatMap((range) => range ?? [])
}

/** Reads NODES. Throws E_USAGE for anything else and for a node named twice. */
export const parseNodes = (text: string): NodeSelection => {
  if (text === 'all') return 'all'
  const nodes = /\s/.test(text) || text === '' ? undefined : parseNodeList(text)
  if (nodes === undefined) throw usage(`'${text}' is not a list of nodes`, nodeForms)
  const seen = new Set<NodeId>()
  const repeated = nodes.find((node) => seen.has(node) || !seen.add(node))
  if (repeated !== undefined) throw usage(`'${text}' names node ${repeated} twice`, nodeForms)
  return nodes
}

/** Reads one node id. Throws E_USAGE for anything else. */
export const parseNode = (text: string): NodeId => {
  const node = nodeNumber(text)
  if (node === undefined) throw usage(`'${text}' is not a node`, 'a node is written as 0 or 12')
  return node
}

/** Returns `node 0` or `nodes 0-3,5`, for a sentence. */
export const namedNodes = (nodes: readonly NodeId[]): string =>
  `${nodes.length === 1 ? 'node' : 'nodes'} ${formatNodes(nodes)}`

/** Writes ids in the kernel's list format: `0-3,5`. */
export const formatNodes = (nodes: readonly NodeId[]): string => {
  const sorted = [...nodes].sort((a, b) => a - b)
  const runs: NodeId[][] = []
  for (const node of sorted) {
    const run = runs.at(-1)
    if (run?.at(-1) === node - 1) run.push(node)
    else runs.push([node])
  }
  return runs.map((run) => (run.length > 1 ? `${run[0]}-${run.at(-1)}` : `${run[0]}`)).join(',')
}
