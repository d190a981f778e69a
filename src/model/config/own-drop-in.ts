import { octets } from '../etc/octets.ts'
import type { Count } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { type ConfigFile, readConfigFile } from './config-file.ts'
import type { ConfiguredMount, ConfiguredPages } from './configuration.ts'
import type { NamedTables } from './named-tables.ts'
import { mountValues } from './print-configuration.ts'
import { countValue, pagesValue } from './print-words.ts'
import { parseToml, type TomlTable, tomlText } from './toml-text.ts'

/** The drop-in in which hugepool keeps what `--persist` has it keep. */
export const ownDropIn = '/etc/hugepool.d/50-hugepool.toml'

const header = `# 'hugepool ... --persist' writes this file, and keeps nothing but its keys and values.
# What else this machine should have belongs into /etc/hugepool.toml or a file of another name.
`

/** Tells whether hugepool wrote a text. */
export const isOwnText = (text: string): boolean => text.startsWith(header)

/** What a call changes in the drop-in. */
export interface DropInChanges {
  /** Keys of pools. Those that are absent stay as they are. */
  readonly pools?: readonly {
    readonly size: PageSize
    readonly pages?: ConfiguredPages
    readonly overcommit?: Count
  }[]
  /** Mounts. Each takes the place of what was said of its path. */
  readonly mounts?: readonly ConfiguredMount[]
  /** The paths of mounts that the drop-in says nothing of any more. */
  readonly withoutMounts?: readonly string[]
}

/** Returns the tables under one key, as they are spelled in the file. */
const tablesUnder = (file: TomlTable, kind: 'pools' | 'mounts') =>
  (file[kind] ?? {}) as Readonly<Record<string, TomlTable>>

/** Returns the name that a table has in the file, or the usual one where it is not there yet. */
const spelled = <Name>(tables: NamedTables<Name, unknown>, name: Name, usual: string): string =>
  tables.get(name)?.name ?? usual

const mergedPools = (
  before: Readonly<Record<string, TomlTable>>,
  read: ConfigFile,
  pools: NonNullable<DropInChanges['pools']>,
): TomlTable => {
  const changed = pools.map(({ size, pages, overcommit }) => {
    const name = spelled(read.pools, size, formatSize(size))
    const values = present({
      pages: pages && pagesValue(pages),
      overcommit: overcommit && countValue(overcommit),
    })
    return [name, { ...before[name], ...values }] as const
  })
  return { ...before, ...Object.fromEntries(changed) }
}

const mergedMounts = (
  before: Readonly<Record<string, TomlTable>>,
  read: ConfigFile,
  mounts: readonly ConfiguredMount[],
  without: readonly string[],
): TomlTable => {
  const targets = [...without, ...mounts.map(({ request }) => request.target)]
  const gone = targets.map((target) => spelled(read.mounts, target, target))
  const kept = Object.entries(before).filter(([name]) => !gone.includes(name))
  const added = mounts.map((mount) => [mount.request.target, mountValues(mount)] as const)
  return Object.fromEntries([...kept, ...added])
}

/**
 * Merges changes into the text of the drop-in, which is undefined where there is none, and returns
 * the new text. All other keys and values stay, but comments do not. Throws E_CONFIG for a text
 * that cannot be read: what it says would be lost.
 */
export const mergeIntoDropIn = (
  text: string | undefined,
  { pools = [], mounts = [], withoutMounts = [] }: DropInChanges,
  file: string = ownDropIn,
): string => {
  const read = readConfigFile(octets(text ?? ''), file)
  const before = parseToml(text ?? '', file)
  const body = tomlText({
    version: 1n,
    ...before,
    pools: mergedPools(tablesUnder(before, 'pools'), read, pools),
    mounts: mergedMounts(tablesUnder(before, 'mounts'), read, mounts, withoutMounts),
  })
  return `${header}\n${body}`
}
