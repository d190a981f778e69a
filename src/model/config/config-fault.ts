import { HugepoolError, objectionOf } from '../../errors.ts'
import type { FailureReason } from '../words/failure-reason.ts'
import { present } from '../words/present.ts'
import type { ConfigPosition } from './configuration.ts'

/** The names that lead to a value, from the root of a file on. */
export type KeyPath = readonly string[]

/** What is wrong with one value of a file. */
export interface ConfigFault {
  readonly path: KeyPath
  readonly message: string
  readonly hint?: string
  readonly reason?: FailureReason
}

/** Runs a check that throws E_USAGE, and returns the error as the fault of a value. */
export const faultsOf = (path: KeyPath, check: () => unknown): readonly ConfigFault[] =>
  objectionOf(check).map(({ message, hint, reason }) => present({ path, message, hint, reason }))

/** TOML takes such a name as a key without quotes. */
const bareKey = /^[A-Za-z0-9_-]+$/

/** Writes a name as a key of TOML, with quotes where it needs them. */
export const keyText = (name: string): string =>
  bareKey.test(name) ? name : JSON.stringify(name).replaceAll('\x7f', '\\u007f')

/**
 * A path is cut to so many names, and a name to so many characters: those of garbage can be as long
 * as the file.
 */
const mostNames = 6
const mostCharacters = 80

/** Writes a path as it could stand in a file: `mounts."/mnt/huge".size`. */
export const pathText = (path: KeyPath): string => {
  const names = path.slice(0, mostNames).map((name) => keyText(name.slice(0, mostCharacters)))
  return (path.length > mostNames ? [...names, '...'] : names).join('.')
}

/** Writes a position as editors and compilers do: `/etc/hugepool.toml:7:1: pools.2M.pages`. */
export const positionText = ({ file, line, column, key }: ConfigPosition): string => {
  const at = [
    file,
    ...(line === undefined ? [] : [line]),
    ...(column === undefined ? [] : [column]),
  ]
  return key === '' ? at.join(':') : `${at.join(':')}: ${key}`
}

/** Makes an error about a position of a file: E_CONFIG, exit status 2. */
export const configError = (
  position: ConfigPosition,
  message: string,
  hint?: string,
  reason: FailureReason = 'wrong-words',
): HugepoolError =>
  new HugepoolError('E_CONFIG', reason, `${positionText(position)}: ${message}`, hint)
