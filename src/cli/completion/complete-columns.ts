import { usualColumns } from '../../output/columns.ts'
import { columnsAsked } from '../settings.ts'
import { begun, type Completer, throughLast, withStart } from './candidates.ts'

/** Offers the columns of a command that are not shown yet, one after the other with commas. */
export const columns: Completer = (typed, before) => {
  const start = throughLast(typed, /(?:^\+|,)[^,]*$/)
  const { command } = before
  const listed = start.toUpperCase().replace(/^\+/, '').split(',')
  const usual = usualColumns(command.columns, columnsAsked(command, before))
  const there = start.startsWith('+') ? [...listed, ...usual] : listed
  const left = command.columns.filter(({ name }) => !there.includes(name))
  const offered = left.map(({ name, help }) => ({ text: name, help }))
  return withStart(start, begun(typed.slice(start.length), offered))
}
