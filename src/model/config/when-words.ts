import { usage } from '../../errors.ts'
import { usualArchitecture } from '../words/architecture.ts'
import { decimalPattern, parseBytes } from '../words/bytes.ts'
import { machineKinds } from './machine-kinds.ts'
import { type Comparison, signs } from './when.ts'

/** Reads a number of nodes such as `2` or `>=2`. Throws E_USAGE. */
const parseNodesAsked = (text: string): Comparison => {
  const sign = signs.find((each) => text.startsWith(each))
  const number = text.slice(sign?.length ?? 0)
  if (!decimalPattern.test(number) || number.length > 4)
    throw usage(`'${text}' is not a number of nodes`, 'nodes are written as 2, ">=2" or "<4"')
  return { sign: sign ?? '=', than: BigInt(number) }
}

/**
 * Reads an amount such as `>=64G`. Throws E_USAGE, also for an amount without a sign: no machine
 * has exactly so much.
 */
const parseMemoryAsked = (text: string): Comparison => {
  const sign = signs.find((each) => text.startsWith(each))
  const than = parseBytes(text.slice(sign?.length ?? 0))
  if (sign === undefined || than === undefined)
    throw usage(`'${text}' is not a bound of the memory`, 'memory is written as ">=64G" or "<16G"')
  return { sign, than }
}

const parseArchitecture = (text: string): string => {
  if (!/^[a-z0-9_-]+$/.test(text))
    throw usage(
      `'${text}' is not an architecture`,
      'an architecture is written as uname -m prints it: x86_64',
    )
  return usualArchitecture(text)
}

const parseKind = (text: string): string => {
  if (machineKinds.includes(text)) return text
  throw usage(
    `'${text}' is no kind of machine that is told apart`,
    `these are: ${machineKinds.join(', ')}`,
  )
}

const parseHost = (text: string): string => {
  if (text !== '' && !/[\s/\0]/.test(text)) return text.toLowerCase()
  throw usage(`'${text}' is not the name of a host`, 'a host is written as "db-1" or "db-*"')
}

/** The parsers of the words of each key. All throw E_USAGE. */
export const whenParsers = {
  host: (words: readonly string[]) => words.map(parseHost),
  nodes: (words: readonly string[]) => words.map(parseNodesAsked),
  memory: (words: readonly string[]) => words.map(parseMemoryAsked),
  arch: (words: readonly string[]) => words.map(parseArchitecture),
  virtualization: (words: readonly string[]) => words.map(parseKind),
} as const
