import { isOwnIpcNamespace } from '../../kernel/config/own-ipc-namespace.ts'
import { readTunedSetting, readTuneFacts, settingsOf } from '../../kernel/config/tuned-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import { recommendedFor, type ShownSetting } from '../../model/config/tune/found-setting.ts'
import { type StartFiles, settingAtStart } from '../../model/config/tune/persisted-setting.ts'
import type { TunedSetting } from '../../model/config/tune/setting-kind.ts'
import type { TuneFacts } from '../../model/config/tune/tune-facts.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { lookAtStartFiles } from './look-at-start-files.ts'

/** What `tune` shows, and the files of a start that could not be read. */
export interface SettingsTable {
  readonly kind: 'shown'
  readonly settings: readonly ShownSetting[]
  /** Whether the settings were named, so that more is said of each. */
  readonly named: boolean
  readonly unread: readonly string[]
  /** Whether the process is in another IPC namespace than the machine's. */
  readonly ownNamespace: boolean
}

const shownSetting = (
  tree: Tree,
  setting: TunedSetting,
  facts: TuneFacts,
  files: StartFiles,
): ShownSetting => {
  const found = readTunedSetting(tree, setting)
  return {
    ...found,
    ...present({
      recommended: recommendedFor(found, facts),
      most: setting.limit?.most(facts),
      persisted: settingAtStart(setting, files),
    }),
  }
}

/**
 * Looks at settings, at what the machine has that their recommended values depend on, and at the
 * files of a start.
 */
export const lookAtSettings = (
  tree: Tree,
  settings: readonly TunedSetting[],
): Omit<SettingsTable, 'kind' | 'named'> => {
  const { unread, ...files } = lookAtStartFiles(tree, settings)
  const facts = readTuneFacts(tree)
  return {
    settings: settings.map((each) => shownSetting(tree, each, facts, files)),
    unread,
    ownNamespace: isOwnIpcNamespace(tree),
  }
}

/** Shows settings: all of the machine, or those that are named. Reads only. */
export const listSettings = ({ tree }: Ports, named: readonly TunedSetting[]): SettingsTable => ({
  kind: 'shown',
  named: named.length > 0,
  ...lookAtSettings(tree, named.length > 0 ? named : settingsOf(tree)),
})
