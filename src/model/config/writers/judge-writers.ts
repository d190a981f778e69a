import { type Count, namedPages, type Pages } from '../../words/count.ts'
import { present } from '../../words/present.ts'
import type { Configuration, ConfiguredPages } from '../configuration.ts'
import { settingKey } from './found-writers.ts'
import type { FoundWriter, Writer, WrittenSetting } from './writer.ts'

/** The facts that decide who wins. */
export interface JudgingFacts {
  /** Whether the service applies the configuration at a start, so that it has its turn too. */
  readonly applied: boolean
  /** The number of the configured group of SysV segments, where that can be found out. */
  readonly shmGroup?: number
}

type Managed = Pick<Configuration, 'pools' | 'tune'>

const poolOf = ({ pools }: Managed, { size }: WrittenSetting) =>
  pools.find((pool) => pool.size === size)

/** Tells whether the configuration says anything of a setting. */
const isManaged = (configuration: Managed, what: WrittenSetting): boolean => {
  const { attribute } = what
  if (attribute === 'shm-group') return configuration.tune.shmGroup !== undefined
  const pool = poolOf(configuration, what)
  return attribute === 'overcommit' ? pool?.overcommit !== undefined : pool?.pages !== undefined
}

const numberIn = (value: string | undefined): bigint | undefined =>
  value !== undefined && /^(?:0x[0-9a-f]+|\d+)$/i.test(value) ? BigInt(value) : undefined

const pagesIn = (count: Count, size: bigint): Pages =>
  count.kind === 'pages' || count.kind === 'memory' ? namedPages(count, size) : 0n

/**
 * Returns what a configuration wants of a whole pool, or of a node; undefined where it leaves that
 * open.
 */
const wantedPages = (
  { counts }: ConfiguredPages,
  size: bigint,
  node: number | undefined,
): Pages | undefined => {
  if ('kind' in counts) return node === undefined ? pagesIn(counts, size) : undefined
  return counts
    .filter((each) => node === undefined || each.node === node)
    .reduce((sum, { count }) => sum + pagesIn(count, size), 0n)
}

const wantsSamePages = (
  configured: ConfiguredPages,
  size: bigint,
  { node }: WrittenSetting,
  value: bigint,
): boolean | undefined => {
  const wanted = wantedPages(configured, size, node)
  if (wanted === undefined) return undefined
  return configured.atLeast ? value >= wanted : value === wanted
}

const agreesWith = (
  configuration: Managed,
  { what, value }: FoundWriter,
  { shmGroup }: JudgingFacts,
): boolean | undefined => {
  const number = numberIn(value)
  if (what === undefined || number === undefined) return undefined
  const { attribute, size } = what
  if (attribute === 'shm-group')
    return shmGroup === undefined ? undefined : number === BigInt(shmGroup)
  const pool = poolOf(configuration, what)
  if (pool === undefined || size === undefined) return undefined
  if (attribute === 'persistent')
    return pool.pages && wantsSamePages(pool.pages, size, what, number)
  return pool.overcommit && pagesIn(pool.overcommit, size) === number
}

/**
 * Tells whether what a writer sets is there in the end: it runs after hugepool, or hugepool does
 * not run, and no later writer sets the same. Undefined where nothing orders it and hugepool.
 */
const winsAmong = (
  writers: readonly FoundWriter[],
  index: number,
  { applied }: JudgingFacts,
): boolean | undefined => {
  const writer = writers[index]
  if (writer?.what === undefined) return undefined
  const key = settingKey(writer.what)
  const later = writers.slice(index + 1)
  if (later.some(({ what }) => what !== undefined && settingKey(what) === key)) return false
  if (!applied) return true
  return writer.when === undefined ? undefined : writer.when === 'after'
}

/**
 * Compares what was found, in the order of a start, with a configuration. Settings that it does not
 * manage are left out, and what cannot be understood is kept where it manages any pool.
 */
export const judgeWriters = (
  found: readonly FoundWriter[],
  configuration: Managed,
  facts: JudgingFacts,
): readonly Writer[] => {
  const isAbout = ({ what }: FoundWriter): boolean =>
    what === undefined ? configuration.pools.length > 0 : isManaged(configuration, what)
  const kept = found.filter(isAbout)
  return kept.map((writer, index) =>
    present({
      ...writer,
      wins: winsAmong(kept, index, facts),
      agrees: agreesWith(configuration, writer, facts),
    }),
  )
}

/** Tells whether a writer keeps the machine from being as configured after a start. */
export const isAdverse = ({ wins, agrees }: Writer): boolean => wins === true && agrees === false
