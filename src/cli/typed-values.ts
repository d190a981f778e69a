import { usage } from '../errors.ts'
import { type Assignment, parseAssignment } from '../model/words/assignment.ts'
import { type Bytes, parseBytes } from '../model/words/bytes.ts'
import { type NodeSelection, parseNodes } from '../model/words/node-list.ts'
import type { ChangeOptions } from '../operations/pools/change-pools.ts'
import type { Words } from './command.ts'
import { allOrNothing, compact, dryRun, leave, node, noWait } from './options/option.ts'

/** Words that several commands take, read in the same way. */
export const assignmentsOf = ({ operands }: Words): readonly Assignment[] =>
  operands.map(parseAssignment)

export const nodesOf = ({ values }: Words): NodeSelection | undefined => {
  const text = values[node.name]
  return text === undefined ? undefined : parseNodes(text)
}

export const leaveOf = ({ values }: Words): Bytes | undefined => {
  const text = values[leave.name]
  if (text === undefined) return undefined
  const bytes = parseBytes(text)
  if (bytes === undefined)
    throw usage(`'${text}' is not an amount of memory`, 'an amount is written as 2G, 512M or 0')
  return bytes
}

export const changeOptionsOf = ({ switches }: Words): ChangeOptions => ({
  dryRun: switches.has(dryRun.name),
  allOrNothing: switches.has(allOrNothing.name),
  compact: switches.has(compact.name),
  wait: !switches.has(noWait.name),
})
