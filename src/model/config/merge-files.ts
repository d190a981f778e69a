import type { HugepoolError } from '../../errors.ts'
import { ascending } from '../words/bytes.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { pathText } from './config-fault.ts'
import type { ConfigFile } from './config-file.ts'
import type { PoolKeys } from './config-schema.ts'
import type { ConfigPosition, Configuration, ConfiguredPool } from './configuration.ts'
import { configuredMount, mountFaults } from './configured-mount.ts'
import { errorsOf, type PositionFinder } from './fault-errors.ts'
import type { NamedTables } from './named-tables.ts'

/** Merges the keys of tables of the same name. Those of later files win. */
const merged = <Name, Table extends object>(
  all: readonly NamedTables<Name, Table>[],
): ReadonlyMap<Name, Table> => {
  const tables = new Map<Name, Table>()
  for (const [name, { table }] of all.flatMap((each) => [...each]))
    tables.set(name, { ...tables.get(name), ...table })
  return tables
}

type Positions = ReadonlyMap<string, ConfigPosition>

/**
 * Returns the positions of a file by the usual spelling of their keys: `pools.2M.pages` for 2048kB.
 */
const usualPositions = ({ tables, pools, mounts, positionOf }: ConfigFile) => {
  const { boot = {}, tune = {}, version, leave } = tables
  const plain = [
    ...Object.keys(present({ version, leave })).map((key) => [key]),
    ...Object.keys(boot).map((key) => ['boot', key]),
    ...Object.keys(tune).map((key) => ['tune', key]),
  ].map((path) => [pathText(path), positionOf(path)] as const)
  const inTable = (kind: string, usual: string, name: string, table: object) =>
    [[], ...Object.keys(table).map((key) => [key])].map(
      (key) => [pathText([kind, usual, ...key]), positionOf([kind, name, ...key])] as const,
    )
  return [
    ...plain,
    ...[...pools].flatMap(([size, { name, table }]) =>
      inTable('pools', formatSize(size), name, table),
    ),
    ...[...mounts].flatMap(([target, { name, table }]) => inTable('mounts', target, name, table)),
  ]
}

const configuredPool = ([size, table]: readonly [PageSize, PoolKeys]): ConfiguredPool =>
  present({
    size,
    pages: table.pages,
    overcommit: table.overcommit,
    demoteSize: table['demote-size'],
    essential: table.essential ?? true,
    optional: table.optional ?? false,
    boot: table.boot ?? false,
  })

/** What all files that count say together, or what is wrong with that. */
export type MergedFiles =
  | { readonly configuration: Omit<Configuration, 'skipped'> }
  | { readonly errors: readonly HugepoolError[] }

/** Finds the position of a fault in merged tables: that of its key, or of its table. */
const finderIn =
  (positions: Positions): PositionFinder =>
  (path) =>
    positions.get(pathText(path)) ??
    positions.get(pathText(path.slice(0, -1))) ?? { file: 'the configuration', key: pathText(path) }

/** Merges files key by key, in their order. */
export const mergeFiles = (files: readonly ConfigFile[]): MergedFiles => {
  const pools = merged(files.map((file) => file.pools))
  const mounts = [...merged(files.map((file) => file.mounts))].sort(([one], [other]) =>
    one < other ? -1 : 1,
  )
  const positions = new Map(files.flatMap(usualPositions))
  const tables = files.map((file) => file.tables)
  const boot = Object.assign({}, ...tables.map((each) => each.boot))
  const tune = Object.assign({}, ...tables.map((each) => each.tune))
  const leave = tables.findLast((each) => each.leave !== undefined)?.leave
  const faults = mounts.flatMap(([target, table]) => mountFaults(target, table))
  if (faults.length > 0) return { errors: errorsOf(faults, finderIn(positions)) }
  const configuration = present({
    pools: [...pools].map(configuredPool).sort((one, other) => ascending(other.size, one.size)),
    mounts: mounts.map(([target, table]) => configuredMount(target, table)),
    boot: present({
      defaultPageSize: boot['default-page-size'],
      freeVmemmap: boot['free-vmemmap'],
      cma: boot.cma,
    }),
    tune: present({ shmGroup: tune['shm-group'] }),
    leave,
    files: files.map(({ file }) => file),
    positions,
  })
  return { configuration }
}
