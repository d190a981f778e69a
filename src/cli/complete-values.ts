import { parseBytes } from '../model/bytes.ts'
import { formatNodes, type NodeId, parseNodeList } from '../model/node-list.ts'
import { formatSize, type PageSize } from '../model/page-size.ts'
import { policyModes } from '../model/policy.ts'
import type { AnyCommand, Operands, Words } from './command.ts'
import { shells } from './completion-scripts.ts'
import { memoryPolicy, node, type Option, output, to } from './option.ts'

/** A whole word that can stand in place of the one being typed. */
export interface Candidate {
  readonly text: string
  readonly help?: string
}

/** What the machine has, read only where a candidate depends on it. */
export interface Facts {
  readonly sizes: () => readonly PageSize[]
  readonly defaultSize: () => PageSize | undefined
  readonly nodes: () => readonly NodeId[]
  /** Directories on which a hugetlbfs can be reached. */
  readonly mounts: () => readonly string[]
}

/** What stands before the word being typed. */
export interface Place extends Words {
  readonly command: AnyCommand
  readonly options: readonly Option[]
  /** The option whose value comes next. */
  readonly pending: Option | undefined
  /** After `--`. */
  readonly ended: boolean
  /** Without a name the command is the usual one, and the next word may name another. */
  readonly isNamed: boolean
}

type Completer = (typed: string, place: Place, facts: Facts) => readonly Candidate[]

/** Those that begin as typed. Where none does, sizes and columns may be typed in lower case too. */
export const begun = (typed: string, offered: readonly Candidate[]): readonly Candidate[] => {
  const begins = ({ text }: Candidate) => text.startsWith(typed)
  const exact = offered.filter(begins)
  if (exact.length > 0) return exact
  return offered.map((one) => ({ ...one, text: one.text.toLowerCase() })).filter(begins)
}

/** Completes what follows the first characters of a word. */
export const after = (start: string, offered: readonly Candidate[]): readonly Candidate[] =>
  offered.map((one) => ({ ...one, text: start + one.text }))

const throughLast = (typed: string, mark: RegExp): string => typed.slice(0, typed.search(mark) + 1)

const sizeMeant = (word: string, { defaultSize }: Facts): PageSize | undefined =>
  word.toLowerCase() === 'default' ? defaultSize() : parseBytes(word)

const sizesGiven = ({ operands }: Place, facts: Facts): readonly (PageSize | undefined)[] =>
  operands.map((operand) => sizeMeant(operand.replace(/=.*/, ''), facts))

const sizeHelp = (size: PageSize): Candidate => ({
  text: formatSize(size),
  help: `pages of ${formatSize(size)}`,
})

const sizes: Completer = (typed, place, facts) => {
  const given = sizesGiven(place, facts)
  const usual = facts.defaultSize()
  const left = facts.sizes().filter((size) => !given.includes(size))
  const byName = left
    .filter((size) => size === usual)
    .map((size) => ({ text: 'default', help: `the default size, ${formatSize(size)}` }))
  return begun(typed, [...left.map(sizeHelp), ...byName])
}

const takes = ({ options }: Place, { name }: Option): boolean =>
  options.some((option) => option.name === name)

/** The smallest pages cannot be split, so a command that splits is not offered them. */
const assignedSizes: Completer = (typed, place, facts) => {
  const available = takes(place, to) ? facts.sizes().slice(1) : facts.sizes()
  const offered = sizes(typed, place, { ...facts, sizes: () => available })
  return offered.map((one) => ({ ...one, text: `${one.text}=` }))
}

const max: Candidate = { text: 'max', help: 'as many as possible' }

const nodeCounts = (start: string, { values }: Place, facts: Facts): readonly Candidate[] => {
  const nodes = facts.nodes()
  if (nodes.length < 2 || node.name in values || memoryPolicy.name in values) return []
  const named = [...start.matchAll(/([0-9]+):/g)].map(([, id]) => Number(id))
  return nodes
    .filter((id) => !named.includes(id))
    .map((id) => ({ text: `${id}:`, help: `pages on node ${id}` }))
}

const assignments: Completer = (typed, place, facts) => {
  if (!typed.includes('=')) return assignedSizes(typed, place, facts)
  // Commands that know no nodes know no `max` either: overcommit takes no memory.
  if (!takes(place, node)) return []
  const start = throughLast(typed, /[=:,][^=:,]*$/)
  const nodes = start.endsWith(':') ? [] : nodeCounts(start, place, facts)
  const offered = start.endsWith(',') ? nodes : [...nodes, max]
  return after(start, begun(typed.slice(start.length), offered))
}

/** The ends of a range that begins at a node: as far as no id is missing. */
const rangeEnds = (from: NodeId, nodes: readonly NodeId[]): readonly NodeId[] =>
  nodes.slice(nodes.indexOf(from)).filter((id, distance) => distance > 0 && id === from + distance)

const nodeList = (typed: string, { nodes }: Facts, everything?: Candidate) => {
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
  return after(start, begun(last, left.length > 1 ? [...single, ...many] : single))
}

const nodes: Completer = (typed, _, facts) =>
  nodeList(typed, facts, { text: 'all', help: 'all nodes with memory' })

const policies: Completer = (typed, _, facts) => {
  const start = typed.slice(0, typed.indexOf(':') + 1)
  if (start === '') {
    const modes = Object.keys(policyModes)
    return begun(
      typed,
      modes.map((mode) => ({ text: `${mode}:` })),
    )
  }
  const list = nodeList(typed.slice(start.length), facts)
  return after(start, start === 'preferred:' ? list.filter(({ text }) => !/\D/.test(text)) : list)
}

const smallerSizes: Completer = (typed, place, facts) => {
  const given = sizesGiven(place, facts).filter((size) => size !== undefined)
  const below = given.length > 0 ? given : facts.sizes().slice(-1)
  const smaller = facts.sizes().filter((size) => below.every((limit) => size < limit))
  return begun(typed, smaller.map(sizeHelp))
}

const columns: Completer = (typed, place) => {
  const start = throughLast(typed, /(?:^\+|,)[^,]*$/)
  const { command } = place
  const listed = start.toUpperCase().replace(/^\+/, '').split(',')
  const there = start.startsWith('+') ? [...listed, ...command.shown(place)] : listed
  const left = command.columns.filter(({ name }) => !there.includes(name))
  const offered = left.map(({ name, help }) => ({ text: name, help }))
  return after(start, begun(typed.slice(start.length), offered))
}

/** Values that are not written out as the option's choices. Names of files are left to the shell. */
const values: Readonly<Record<string, Completer>> = {
  [output.name]: columns,
  [node.name]: nodes,
  [memoryPolicy.name]: policies,
  [to.name]: smallerSizes,
}

/** Candidates for the value of an option. */
export const optionValue = (option: Option, typed: string, place: Place, facts: Facts) =>
  option.choices === undefined
    ? (values[option.name]?.(typed, place, facts) ?? [])
    : begun(
        typed,
        option.choices.map((text) => ({ text })),
      )

/** Candidates for an operand, by what the command says of its operands. */
export const operandCompleters: Readonly<Record<Operands['completes'], Completer>> = {
  size: sizes,
  assignment: assignments,
  directory: () => [],
  mount: (typed, _, { mounts }) =>
    mounts()
      .filter((text) => text.startsWith(typed))
      .map((text) => ({ text })),
  shell: (typed) =>
    begun(
      typed,
      shells.map((text) => ({ text })),
    ),
}
