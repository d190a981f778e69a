import { type HugepoolError, objectionOf, throwAll } from '../../errors.ts'
import type { Octets } from '../etc/octets.ts'
import type { PageSize } from '../words/page-size.ts'
import { type ConfigFault, configError, type KeyPath, pathText } from './config-fault.ts'
import { type ConfigTables, type MountTable, type PoolTable, readTables } from './config-schema.ts'
import { configText } from './config-text.ts'
import { parseConfiguredSize, parseMountPoint } from './config-words.ts'
import type { ConfigPlace } from './configuration.ts'
import { keyPlaces } from './key-places.ts'
import { type NamedTables, namedTables } from './named-tables.ts'
import { poolFaults } from './pool-faults.ts'
import { parseToml } from './toml-text.ts'

/** Finds where a key stands, by its path as it is spelled there. */
export type PlaceFinder = (path: KeyPath) => ConfigPlace

/** One file that was read, with its words understood. */
export interface ConfigFile {
  readonly file: string
  readonly tables: Omit<ConfigTables, 'pools' | 'mounts'>
  readonly pools: NamedTables<PageSize, PoolTable>
  readonly mounts: NamedTables<string, MountTable>
  readonly placeOf: PlaceFinder
}

/** A file, or all that is wrong with it, in the order of its lines. */
export type JudgedFile =
  | { readonly read: ConfigFile }
  | { readonly errors: readonly HugepoolError[] }

/** Garbage has faults without end. */
const mostFaults = 10

/** The longest message, in characters: what is wrong can be as long as the file. */
const longest = 300

const cut = (message: string): string =>
  message.length > longest
    ? `${message.slice(0, longest / 2)}...${message.slice(-longest / 2)}`
    : message

const errorsOf = (
  file: string,
  faults: readonly ConfigFault[],
  placeOf: PlaceFinder,
): readonly HugepoolError[] => {
  const told = faults
    .slice(0, mostFaults)
    .map((fault) => ({ ...fault, place: placeOf(fault.path) }))
    .sort((one, other) => (one.place.line ?? 0) - (other.place.line ?? 0))
    .map(({ place, message, hint, reason }) => configError(place, cut(message), hint, reason))
  const more = faults.length - told.length
  return more > 0 ? [...told, configError({ file, key: '' }, `${more} more faults`)] : told
}

const judgeText = (text: string, file: string): JudgedFile => {
  const result = readTables(parseToml(text, file))
  const placeIn = keyPlaces(text)
  const placeOf: PlaceFinder = (path) => ({ file, ...placeIn(path), key: pathText(path) })
  if ('faults' in result) return { errors: errorsOf(file, result.faults, placeOf) }
  const { pools, mounts, ...tables } = result.tables
  const sizes = namedTables('pools', pools, parseConfiguredSize)
  const targets = namedTables('mounts', mounts, parseMountPoint)
  const inPools = [...sizes.named].flatMap(([size, { name, table }]) =>
    poolFaults(name, size, table),
  )
  const faults = [...sizes.faults, ...targets.faults, ...inPools]
  if (faults.length > 0) return { errors: errorsOf(file, faults, placeOf) }
  return { read: { file, tables, pools: sizes.named, mounts: targets.named, placeOf } }
}

/** Reads the octets of one file. Nothing of the machine is looked at. */
export const judgeFile = (octets: Octets, file: string): JudgedFile => {
  let judged: JudgedFile = { errors: [] }
  const errors = objectionOf(() => {
    judged = judgeText(configText(octets, file), file)
  })
  return errors.length > 0 ? { errors } : judged
}

/** Reads the octets of one file. Throws all that is wrong with it. */
export const readConfigFile = (octets: Octets, file: string): ConfigFile => {
  const judged = judgeFile(octets, file)
  if ('read' in judged) return judged.read
  throwAll(judged.errors)
  throw new Error(`${file}: is neither read nor wrong`)
}
