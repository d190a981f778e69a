import { usage } from '../errors.ts'
import { type Assignment, parseAssignment, roundedAssignment } from '../model/words/assignment.ts'
import { type Bytes, decimalPattern } from '../model/words/bytes.ts'
import { type Rounding, roundings } from '../model/words/count.ts'
import { parseLeave } from '../model/words/leave.ts'
import { type NodeSelection, parseNodes } from '../model/words/node-list.ts'
import type { PersistWhen } from '../operations/config/persist-pools.ts'
import type { ConfigSource } from '../operations/config/read-configuration.ts'
import type { ChangeOptions } from '../operations/pools/plan-and-change.ts'
import type { Words } from './command.ts'
import { configOption } from './options/config-option.ts'
import {
  changeAllOrNothingOption,
  compactOption,
  dryRunOption,
  keepGoingOption,
  leaveOption,
  nodeOption,
  noWaitOption,
  type Option,
  persistWhenOption,
  roundOption,
} from './options/option.ts'

/**
 * Reads the direction in which amounts are rounded; undefined where a part of a page is an error.
 */
export const typedRounding = ({ values }: Words): Rounding | undefined =>
  roundings.find((word) => word === values[roundOption.name])

/** Reads the operands of a command that takes assignments, and how their amounts are rounded. */
export const typedAssignments = (words: Words): readonly Assignment[] => {
  const { operands } = words
  const round = typedRounding(words)
  const assignments = operands.map(parseAssignment)
  return round === undefined
    ? assignments
    : assignments.map((assignment) => roundedAssignment(assignment, round))
}

/** The operands of a command that changes any number of pools. */
export const assignmentOperands = {
  usage: 'ASSIGNMENT...',
  least: 1,
  most: Number.POSITIVE_INFINITY,
  completes: 'assignment',
} as const

/**
 * Reads the operand of a command that works on a directory. Throws E_USAGE where it cannot be one.
 */
export const directoryOperand = ({ operands: [directory = ''] }: Words): string => {
  if (directory === '' || directory.includes('\0')) throw usage(`'${directory}' is not a directory`)
  return directory
}

/** Reads a path. Throws E_USAGE for a text that cannot be one. */
export const parsePath = (text: string): string => {
  if (text === '' || text.includes('\0')) throw usage(`'${text}' is not a path`)
  return text
}

/** Reads the name of a file for node_exporter. Throws E_USAGE for one that it would not read. */
export const parseMetricsFile = (text: string): string => {
  if (/[^/]\.prom$/.test(text)) return parsePath(text)
  throw usage(
    `'${text}' does not end with .prom`,
    'the textfile collector of node_exporter reads no other files',
  )
}

/** The limit of process numbers (PID_MAX_LIMIT in include/linux/threads.h). */
const largestPid = 2 ** 22

/** Reads the number of a process. Throws E_USAGE for a text that cannot be one. */
export const parsePid = (text: string): number => {
  if (decimalPattern.test(text) && Number(text) > 0 && Number(text) <= largestPid)
    return Number(text)
  throw usage(`'${text}' is not the number of a process`)
}

/** Returns the parsed value of an option; undefined where the option is not given. */
export const typedValue = <T>(
  { values }: Words,
  { name }: Pick<Option, 'name'>,
  parse: (text: string) => T,
): T | undefined => {
  const text = values[name]
  return text === undefined ? undefined : parse(text)
}

export const typedNodes = (words: Words): NodeSelection | undefined =>
  typedValue(words, nodeOption, parseNodes)

export const typedLeave = (words: Words): Bytes | undefined =>
  typedValue(words, leaveOption, parseLeave)

/** Reads which configuration is meant. */
export const typedSource = (words: Words): ConfigSource => {
  const path = typedValue(words, configOption, (text) => (text === '-' ? text : parsePath(text)))
  return path === undefined ? { from: 'machine' } : { from: 'file', path }
}

/**
 * Reads whether a change is made to last: `now` changes the machine too, `only` later starts alone.
 */
export const typedPersist = ({ values }: Words): PersistWhen | undefined =>
  (['now', 'only'] as const).find((when) => when === values[persistWhenOption.name])

export const typedChangeOptions = ({ switches }: Words): ChangeOptions => ({
  dryRun: switches.has(dryRunOption.name),
  allOrNothing: switches.has(changeAllOrNothingOption.name),
  compact: switches.has(compactOption.name),
  keepGoing: switches.has(keepGoingOption.name),
  wait: !switches.has(noWaitOption.name),
})
