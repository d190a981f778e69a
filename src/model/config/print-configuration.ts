import type { MountLimit } from '../mounts/mount-limit.ts'
import { formatSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import type { Configuration, ConfiguredMount, ConfiguredPool } from './configuration.ts'
import { countValue, limitText, memoryWord, ownerValue, pagesValue } from './print-words.ts'
import { type TomlTable, tomlText } from './toml-text.ts'

/** Leaves out the usual value, which holds without being said. */
const unlessUsual = (value: boolean, usual: boolean): boolean | undefined =>
  value === usual ? undefined : value

/** Makes the table of a pool, under `pools`. */
const poolValues = (pool: ConfiguredPool): TomlTable =>
  present({
    pages: pool.pages && pagesValue(pool.pages),
    overcommit: pool.overcommit && countValue(pool.overcommit),
    'demote-size': pool.demoteSize && formatSize(pool.demoteSize),
    essential: unlessUsual(pool.essential, true),
    optional: unlessUsual(pool.optional, false),
    boot: unlessUsual(pool.boot, false),
  })

const roundingOf = (limit: MountLimit | undefined) =>
  limit?.kind === 'memory' ? limit.round : undefined

/** Makes the table of a mount, under `mounts`. */
export const mountValues = ({ request, mkdir, over }: ConfiguredMount): TomlTable => {
  const { pageSize, size, minSize, inodes, user, group, mode, flagWords } = request
  return present({
    'page-size': pageSize === 'default' ? pageSize : formatSize(pageSize),
    size: size && limitText(size),
    'min-size': minSize && limitText(minSize),
    round: roundingOf(size) ?? roundingOf(minSize),
    'nr-inodes': inodes,
    uid: user === undefined ? undefined : ownerValue(user),
    gid: group === undefined ? undefined : ownerValue(group),
    mode,
    options: flagWords === '' ? undefined : flagWords,
    mkdir: unlessUsual(mkdir, false),
    over: unlessUsual(over, false),
  })
}

/**
 * Writes a configuration as one file that says the same, without conditions. It does not say which
 * files that came from.
 */
export const printConfiguration = (
  configuration: Omit<Configuration, 'files' | 'skipped' | 'positions'>,
): string => {
  const { pools, mounts, boot, tune, leave } = configuration
  return tomlText({
    version: 1n,
    ...present({ leave: leave === undefined ? undefined : memoryWord(leave) }),
    pools: Object.fromEntries(pools.map((pool) => [formatSize(pool.size), poolValues(pool)])),
    mounts: Object.fromEntries(mounts.map((mount) => [mount.request.target, mountValues(mount)])),
    boot: present({
      'default-page-size': boot.defaultPageSize && formatSize(boot.defaultPageSize),
      'free-vmemmap': boot.freeVmemmap,
      cma: boot.cma,
    }),
    tune: present({
      'shm-group': tune.shmGroup === undefined ? undefined : ownerValue(tune.shmGroup),
    }),
  })
}
