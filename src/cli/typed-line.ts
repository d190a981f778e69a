import { usage } from '../errors.ts'
import { cmaOfAssignment } from '../model/boot/cma-request.ts'
import type { LineRequest } from '../model/boot/line-request.ts'
import { parseAssignment } from '../model/words/assignment.ts'
import type { Bytes } from '../model/words/bytes.ts'
import { type PageSize, parseSize } from '../model/words/page-size.ts'
import { present } from '../model/words/present.ts'
import type { ConfigSource } from '../operations/config/read-configuration.ts'
import type { Words } from './command.ts'
import {
  checkLineOption,
  cmaOption,
  defaultSizeOption,
  freeVmemmapOption,
  fromConfigOption,
  lineOption,
} from './options/boot-option.ts'
import { configOption } from './options/config-option.ts'
import { leaveOption } from './options/option.ts'
import { typedAssignments, typedLeave, typedSource, typedValue } from './typed-values.ts'

/** A line that is to be written: what it has to bring was typed, or stands in a configuration. */
export type TypedLine =
  | { readonly request: LineRequest }
  | { readonly source: ConfigSource; readonly leave?: Bytes }

const parseDefault = (text: string): PageSize => {
  const size = parseSize(text)
  if (size !== 'default') return size
  throw usage('--default names the size that is to be the default', 'write it as 2M or 1G')
}

const writing = [defaultSizeOption, freeVmemmapOption, cmaOption, leaveOption]

/** Throws E_USAGE for words about an existing line beside words that ask for a new one. */
const checkWriting = ({ operands, values, switches }: Words): void => {
  const name = values[lineOption.name] !== undefined ? lineOption.name : checkLineOption.name
  if (operands.length > 0 && (switches.has(name) || values[name] !== undefined))
    throw usage(
      `--${name} is about a line that there is, and '${operands[0]}' asks for one`,
      'leave one of both out',
    )
  if (operands.length > 0 && switches.has(fromConfigOption.name))
    throw usage(
      `--${fromConfigOption.name} takes the pages of the configuration, so '${operands[0]}' cannot`,
      'leave one of both out',
    )
}

const typedRequest = (words: Words): LineRequest => {
  const hvo = words.values[freeVmemmapOption.name]
  return present({
    assignments: typedAssignments(words),
    defaultSize: typedValue(words, defaultSizeOption, parseDefault),
    freeVmemmap: hvo === undefined ? undefined : hvo === 'on',
    cma: typedValue(words, cmaOption, (text) => cmaOfAssignment(parseAssignment(text))),
    leave: typedLeave(words),
  })
}

/** Reads what a line has to bring; undefined where none is to be written. Throws E_USAGE. */
export const typedLine = (words: Words): TypedLine | undefined => {
  const { operands, values, switches } = words
  checkWriting(words)
  if (switches.has(fromConfigOption.name))
    return present({ source: typedSource(words), leave: typedLeave(words) })
  if (values[configOption.name] !== undefined)
    throw usage(`--${configOption.name} is for --${fromConfigOption.name}`)
  const isAsked = operands.length > 0 || writing.some(({ name }) => values[name] !== undefined)
  return isAsked ? { request: typedRequest(words) } : undefined
}
