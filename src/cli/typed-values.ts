import { usage } from '../errors.ts'
import { type Assignment, parseAssignment } from '../model/words/assignment.ts'
import { type Bytes, parseBytes } from '../model/words/bytes.ts'
import { type NodeSelection, parseNodes } from '../model/words/node-list.ts'
import type { ChangeOptions } from '../operations/pools/change-pools.ts'
import type { Words } from './command.ts'
import {
  allOrNothingOption,
  compactOption,
  dryRunOption,
  leaveOption,
  nodeOption,
  noWaitOption,
} from './options/option.ts'

/** Words that several commands take, read in the same way. */
export const typedAssignments = ({ operands }: Words): readonly Assignment[] =>
  operands.map(parseAssignment)

export const typedNodes = ({ values }: Words): NodeSelection | undefined => {
  const text = values[nodeOption.name]
  return text === undefined ? undefined : parseNodes(text)
}

export const typedLeave = ({ values }: Words): Bytes | undefined => {
  const text = values[leaveOption.name]
  if (text === undefined) return undefined
  const bytes = parseBytes(text)
  if (bytes === undefined)
    throw usage(`'${text}' is not an amount of memory`, 'an amount is written as 2G, 512M or 0')
  return bytes
}

export const typedChangeOptions = ({ switches }: Words): ChangeOptions => ({
  dryRun: switches.has(dryRunOption.name),
  allOrNothing: switches.has(allOrNothingOption.name),
  compact: switches.has(compactOption.name),
  wait: !switches.has(noWaitOption.name),
})
