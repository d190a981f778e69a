import type { HugepoolError } from '../../errors.ts'
import { plural } from '../words/plural.ts'
import { type ConfigFault, configError, type KeyPath } from './config-fault.ts'
import type { ConfigPosition } from './configuration.ts'

/** Finds where a key stands, by its path as it is spelled there. */
export type PositionFinder = (path: KeyPath) => ConfigPosition

/** Only so many faults are told, because garbage has no end of them. */
const mostFaults = 10

/** The most characters of a message: what is wrong can be as long as the file. */
const longest = 300

const cut = (message: string): string =>
  message.length > longest
    ? `${message.slice(0, longest / 2)}...${message.slice(-longest / 2)}`
    : message

/**
 * Makes errors of faults, in the order of their lines. Of very many the first are told, and how
 * many more there are.
 */
export const errorsOf = (
  faults: readonly ConfigFault[],
  positionOf: PositionFinder,
): readonly HugepoolError[] => {
  const told = faults
    .slice(0, mostFaults)
    .map((fault) => ({ ...fault, position: positionOf(fault.path) }))
    .sort((one, other) => (one.position.line ?? 0) - (other.position.line ?? 0))
    .map(({ position, message, hint, reason }) => configError(position, cut(message), hint, reason))
  const more = BigInt(faults.length - told.length)
  const { file } = positionOf([])
  return more > 0n
    ? [...told, configError({ file, key: '' }, `${plural(more, 'more fault')}`)]
    : told
}
