import type { FoundSetting } from '../../model/config/tune/found-setting.ts'
import type { TunedSetting } from '../../model/config/tune/setting-kind.ts'
import { choicesIn, type SettingValue, valueInFile } from '../../model/config/tune/setting-value.ts'
import { sizedSetting, thpDirectory } from '../../model/config/tune/thp-settings.ts'
import type { PoolRoom, TuneFacts } from '../../model/config/tune/tune-facts.ts'
import { settingsFor } from '../../model/config/tune/tuned-settings.ts'
import { poolDirectory } from '../../model/pools/attributes.ts'
import { ascending, fromKilobytes } from '../../model/words/bytes.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { groupName } from '../etc/passwd-and-group.ts'
import { readBasePage } from '../pools/base-page.ts'
import { readMeminfo } from '../pools/meminfo.ts'
import { readPageSizes } from '../pools/pools.ts'
import { listIfPresent, readIfReadable, readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { readMemoryZones } from './zoneinfo.ts'

const groupOf = (
  tree: Tree,
  { accepts }: TunedSetting,
  value: SettingValue | undefined,
): string | undefined =>
  accepts.kind === 'group' && typeof value === 'bigint' ? groupName(tree, value) : undefined

/** Reads a setting. One that the kernel lacks or does not show has no value. */
export const readTunedSetting = (tree: Tree, setting: TunedSetting): FoundSetting => {
  const text = readIfReadable(tree, setting.path)
  if (text === undefined) return { setting }
  const value = valueInFile(setting, text)
  const choices = setting.accepts.kind === 'choice' ? choicesIn(text) : undefined
  return { setting, ...present({ value, choices, group: groupOf(tree, setting, value) }) }
}

/** Reads the sizes of transparent huge pages that have settings of their own, smallest first. */
const readThpSizes = (tree: Tree): readonly PageSize[] =>
  listIfPresent(tree, thpDirectory)
    .flatMap((name) => /^hugepages-([1-9]\d*)kB$/.exec(name)?.[1] ?? [])
    .map(fromKilobytes)
    .sort(ascending)
    // Sizes that only shared memory can have do not have this file.
    .filter((size) => readIfReadable(tree, sizedSetting(size).path) !== undefined)

/** Returns all settings that a machine could have, in the order of the table. */
export const settingsOf = (tree: Tree): readonly TunedSetting[] => settingsFor(readThpSizes(tree))

const readRoom = (tree: Tree, size: PageSize): PoolRoom => {
  const read = (name: string) => readNumberIfPresent(tree, `${poolDirectory(size)}/${name}`) ?? 0n
  const persistent = read('nr_hugepages') - read('surplus_hugepages')
  return { size, persistent, most: persistent + read('nr_overcommit_hugepages') }
}

const readExtendedIpc = (tree: Tree): boolean | undefined =>
  readIfReadable(tree, '/proc/cmdline')?.trim().split(/\s+/).includes('ipcmni_extend')

/** Reads the facts of a machine on which its settings depend. Without HugeTLB it has no pools. */
export const readTuneFacts = (tree: Tree): TuneFacts => {
  const sizes = readPageSizes(tree)
  return present({
    pools: sizes.map((size) => readRoom(tree, size)),
    basePage: readBasePage(tree, sizes),
    memory: readMeminfo(tree).get('MemTotal'),
    thpSize: readNumberIfPresent(tree, `${thpDirectory}/hpage_pmd_size`),
    extendedIpc: readExtendedIpc(tree),
    zones: readMemoryZones(tree),
  })
}
