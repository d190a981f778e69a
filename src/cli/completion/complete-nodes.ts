import { formatNodes, type NodeId, parseNodeList } from '../../model/words/node-list.ts'
import { policyModes } from '../../model/words/policy.ts'
import {
  begun,
  type Candidate,
  type Completer,
  type CompletionFacts,
  throughLast,
  withStart,
} from './candidates.ts'

/** Returns the possible ends of a range that begins at `from`. No id may be missing in between. */
const rangeEnds = (from: NodeId, nodes: readonly NodeId[]): readonly NodeId[] =>
  nodes.slice(nodes.indexOf(from)).filter((id, distance) => distance > 0 && id === from + distance)

const nodeList = (typed: string, { nodes }: CompletionFacts, everything?: Candidate) => {
  const start = throughLast(typed, /,[^,]*$/)
  const last = typed.slice(start.length)
  const named = parseNodeList(start.slice(0, -1))
  if (named === undefined) return []
  const left = nodes().filter((id) => !named.includes(id))
  const [range, from] = /^([0-9]+)-/.exec(last) ?? []
  if (range !== undefined)
    return begun(
      typed,
      rangeEnds(Number(from), left).map((id) => ({ text: `${start}${range}${id}` })),
    )
  const single = left.map((id) => ({ text: `${id}`, help: `node ${id}` }))
  const rest = { text: formatNodes(left), help: start === '' ? 'all nodes' : 'all others' }
  const many = start === '' && everything !== undefined ? [everything] : [rest]
  return withStart(start, begun(last, left.length > 1 ? [...single, ...many] : single))
}

export const nodes: Completer = (typed, _, facts) =>
  nodeList(typed, facts, { text: 'all', help: 'all nodes with memory' })

export const policies: Completer = (typed, _, facts) => {
  const start = typed.slice(0, typed.indexOf(':') + 1)
  if (start === '') {
    const modes = Object.keys(policyModes)
    return begun(
      typed,
      modes.map((mode) => ({ text: `${mode}:` })),
    )
  }
  const list = nodeList(typed.slice(start.length), facts)
  return withStart(
    start,
    start === 'preferred:' ? list.filter(({ text }) => !/\D/.test(text)) : list,
  )
}
