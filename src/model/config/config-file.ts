import { type HugepoolError, objectionOf, throwAll } from '../../errors.ts'
import type { Octets } from '../etc/octets.ts'
import type { PageSize } from '../words/page-size.ts'
import { pathText } from './config-fault.ts'
import { type ConfigTables, type MountKeys, type PoolKeys, readTables } from './config-schema.ts'
import { configText } from './config-text.ts'
import { parseConfiguredSize, parseMountPoint } from './config-words.ts'
import { errorsOf, type PositionFinder } from './fault-errors.ts'
import { keyPositions } from './key-positions.ts'
import { type NamedTables, namedTables } from './named-tables.ts'
import { poolFaults } from './pool-faults.ts'
import { parseToml } from './toml-text.ts'

/** One file that was read, with its words understood. */
export interface ConfigFile {
  readonly file: string
  readonly tables: Omit<ConfigTables, 'pools' | 'mounts'>
  readonly pools: NamedTables<PageSize, PoolKeys>
  readonly mounts: NamedTables<string, MountKeys>
  readonly positionOf: PositionFinder
}

/** A file, or all that is wrong with it, in the order of its lines. */
export type JudgedFile =
  | { readonly read: ConfigFile }
  | { readonly errors: readonly HugepoolError[] }

const judgeText = (text: string, file: string): JudgedFile => {
  const result = readTables(parseToml(text, file))
  const positionIn = keyPositions(text)
  const positionOf: PositionFinder = (path) => ({ file, ...positionIn(path), key: pathText(path) })
  if ('faults' in result) return { errors: errorsOf(result.faults, positionOf) }
  const { pools, mounts, ...tables } = result.tables
  const sizes = namedTables('pools', pools, parseConfiguredSize)
  const targets = namedTables('mounts', mounts, parseMountPoint)
  const inPools = [...sizes.named].flatMap(([size, { name, table }]) =>
    poolFaults(name, size, table),
  )
  const faults = [...sizes.faults, ...targets.faults, ...inPools]
  if (faults.length > 0) return { errors: errorsOf(faults, positionOf) }
  return { read: { file, tables, pools: sizes.named, mounts: targets.named, positionOf } }
}

/** Reads the octets of one file. Nothing of the machine is looked at. */
export const judgeFile = (octets: Octets, file: string): JudgedFile => {
  let judged: JudgedFile = { errors: [] }
  const errors = objectionOf(() => {
    judged = judgeText(configText(octets, file), file)
  })
  return errors.length > 0 ? { errors } : judged
}

/** Reads the octets of one file. Throws E_CONFIG with all that is wrong with it. */
export const readConfigFile = (octets: Octets, file: string): ConfigFile => {
  const judged = judgeFile(octets, file)
  if ('read' in judged) return judged.read
  throwAll(judged.errors)
  throw new Error(`${file}: is neither read nor wrong`)
}
