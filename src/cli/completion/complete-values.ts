import { flagWords } from '../../model/mounts/mount-flags.ts'
import { parseBytes } from '../../model/words/bytes.ts'
import { formatSize, type PageSize } from '../../model/words/page-size.ts'
import { documentNames } from '../../output/document-names.ts'
import type { Operands } from '../command.ts'
import { directoryMark, fileMark, shells } from '../completion-scripts.ts'
import { printableWords } from '../manual-pages.ts'
import { freeVmemmapOption } from '../options/boot-option.ts'
import { configOption } from '../options/config-option.ts'
import { segmentsOption } from '../options/files-option.ts'
import { metricsFileOption } from '../options/metrics-option.ts'
import { mountFlagsOption, pageSizeOption, typesOption } from '../options/mount-option.ts'
import {
  memoryPolicyOption,
  nodeOption,
  type Option,
  outputOption,
  toOption,
} from '../options/option.ts'
import { mountOption, pathOption, processesOption } from '../options/test-option.ts'
import { pidOption } from '../options/who-option.ts'
import {
  begun,
  type Candidate,
  type Completer,
  type CompletionFacts,
  throughLast,
  type WordsBefore,
  withStart,
} from './candidates.ts'
import { bootValues } from './complete-boot.ts'
import { columns } from './complete-columns.ts'
import { nameValues } from './complete-names.ts'
import { nodes, policies } from './complete-nodes.ts'
import { serviceOperands } from './complete-service.ts'
import { settingWords } from './complete-tune.ts'

const sizeMeant = (word: string, { defaultSize }: CompletionFacts): PageSize | undefined =>
  word.toLowerCase() === 'default' ? defaultSize() : parseBytes(word)

const sizesGiven = (
  { operands }: WordsBefore,
  facts: CompletionFacts,
): readonly (PageSize | undefined)[] =>
  operands.map((operand) => sizeMeant(operand.replace(/=.*/, ''), facts))

const sizeHelp = (size: PageSize): Candidate => ({
  text: formatSize(size),
  help: `pages of ${formatSize(size)}`,
})

const sizes: Completer = (typed, before, facts) => {
  const given = sizesGiven(before, facts)
  const usual = facts.defaultSize()
  const left = facts.sizes().filter((size) => !given.includes(size))
  const byName = left
    .filter((size) => size === usual)
    .map((size) => ({ text: 'default', help: `the default size, ${formatSize(size)}` }))
  return begun(typed, [...left.map(sizeHelp), ...byName])
}

const takes = ({ options }: WordsBefore, { name }: Option): boolean =>
  options.some((option) => option.name === name)

/**
 * Whether assignments become words for a start, at which there are no pages yet and no default
 * size.
 */
const isForStart = (before: WordsBefore): boolean => takes(before, freeVmemmapOption)

/**
 * Offers the sizes of an assignment. The smallest pages cannot be split, so a command that splits
 * pages does not offer them.
 */
const assignedSizes: Completer = (typed, before, facts) => {
  const available = takes(before, toOption) ? facts.sizes().slice(1) : facts.sizes()
  const usual = isForStart(before) ? () => undefined : facts.defaultSize
  const offered = sizes(typed, before, { ...facts, sizes: () => available, defaultSize: usual })
  return offered.map((one) => ({ ...one, text: `${one.text}=` }))
}

const max: Candidate = { text: 'max', help: 'as many as possible' }

/** Options with which an assignment cannot name a node for a part of the pages. */
const ofTheWhole = [nodeOption, memoryPolicyOption, pathOption, processesOption]

const nodeCounts = (
  start: string,
  { values }: WordsBefore,
  facts: CompletionFacts,
): readonly Candidate[] => {
  const nodes = facts.nodes()
  if (nodes.length < 2 || ofTheWhole.some(({ name }) => name in values)) return []
  const named = [...start.matchAll(/([0-9]+):/g)].map(([, id]) => Number(id))
  return nodes
    .filter((id) => !named.includes(id))
    .map((id) => ({ text: `${id}:`, help: `pages on node ${id}` }))
}

const assignments: Completer = (typed, before, facts) => {
  if (!typed.includes('=')) return assignedSizes(typed, before, facts)
  // A command without --node has no `max` either: overcommit takes no memory.
  const isCertain = isForStart(before)
  if (!takes(before, nodeOption) && !isCertain) return []
  const start = throughLast(typed, /[=:,][^=:,]*$/)
  const nodes = start.endsWith(':') ? [] : nodeCounts(start, before, facts)
  const offered = start.endsWith(',') || isCertain ? nodes : [...nodes, max]
  return withStart(start, begun(typed.slice(start.length), offered))
}

const bareCandidates = (texts: readonly string[]): readonly Candidate[] =>
  texts.map((text) => ({ text }))

const flags: Completer = (typed) => {
  const start = throughLast(typed, /,[^,]*$/)
  const left = flagWords.filter((word) => !start.split(',').includes(word))
  return withStart(start, begun(typed.slice(start.length), bareCandidates(left)))
}

const smallerSizes: Completer = (typed, before, facts) => {
  const given = sizesGiven(before, facts).filter((size) => size !== undefined)
  const below = given.length > 0 ? given : facts.sizes().slice(-1)
  const smaller = facts.sizes().filter((size) => below.every((limit) => size < limit))
  return begun(typed, smaller.map(sizeHelp))
}

const mountPoints: Completer = (typed, _, { mounts }) =>
  mounts()
    .filter((text) => text.startsWith(typed))
    .map((text) => ({ text }))

/** Offers the mount points, and files once the typed path goes beyond them. */
const hugeFiles: Completer = (typed, before, facts) => {
  if (before.switches.has(segmentsOption.name)) return []
  const points = mountPoints(typed, before, facts)
  return points.length > 0 ? points : files
}

const holdingPids: Completer = (typed, _, { holders }) =>
  begun(
    typed,
    (holders?.() ?? []).map(({ pid, command }) => ({ text: `${pid}`, help: command })),
  )

/** The candidates for the name of a file, which the shell completes whatever has been typed. */
export const files: readonly Candidate[] = [{ text: fileMark }]

export const takesFile = ({ name, value }: Option): boolean =>
  name === pathOption.name || name === configOption.name || value === metricsFileOption.value

/** Completers for options whose values are not a fixed list of choices. */
const valueCompleters: Readonly<Record<string, Completer>> = {
  [outputOption.name]: columns,
  [nodeOption.name]: nodes,
  [memoryPolicyOption.name]: policies,
  [toOption.name]: smallerSizes,
  [mountOption.name]: mountPoints,
  [pidOption.name]: holdingPids,
  [pageSizeOption.name]: sizes,
  [mountFlagsOption.name]: flags,
  ...bootValues,
  ...nameValues,
}

/** Returns the candidates for the value of an option. */
export const optionValue = (
  option: Option,
  typed: string,
  before: WordsBefore,
  facts: CompletionFacts,
): readonly Candidate[] => {
  if (takesFile(option)) return files
  return option.choices === undefined
    ? (valueCompleters[option.name]?.(typed, before, facts) ?? [])
    : begun(typed, bareCandidates(option.choices))
}

/** The completer for each kind of operand that a command can have. */
export const operandCompleters: Readonly<Record<Operands['completes'], Completer>> = {
  size: sizes,
  assignment: assignments,
  // Only after --types may a second word stand there, because the first is the source then.
  directory: (_, { operands, values }) =>
    operands.length > 0 && !(typesOption.name in values) ? [] : [{ text: directoryMark }],
  mount: mountPoints,
  file: () => files,
  'huge file': hugeFiles,
  service: serviceOperands,
  setting: settingWords,
  schema: (typed, { operands }) =>
    begun(typed, operands.length > 0 ? [] : documentNames.map((text) => ({ text }))),
  shell: (typed) => begun(typed, bareCandidates(shells)),
  page: (typed) => begun(typed, bareCandidates(printableWords)),
}
