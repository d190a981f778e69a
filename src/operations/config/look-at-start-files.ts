import { foundIfAny } from '../../errors.ts'
import { type ReadStartFiles, readStartFiles } from '../../kernel/config/start-files.ts'
import type { PlannedTexts } from '../../kernel/config/writers/writer-texts.ts'
import { groupId } from '../../kernel/etc/passwd-and-group.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { PersistedSetting } from '../../model/config/tune/found-setting.ts'
import type { TunedSetting } from '../../model/config/tune/setting-kind.ts'
import { present } from '../../model/words/present.ts'
import { readConfiguration } from './read-configuration.ts'

/**
 * Reads the group of SysV segments that hugepool's configuration names, by the key of its setting.
 */
const readConfigured = (tree: Tree): ReadonlyMap<string, PersistedSetting> | undefined => {
  const configuration = foundIfAny(() => readConfiguration({ tree }, { from: 'machine' }))
  const position = configuration?.positions.get('tune.shm-group')
  const text = configuration?.tune.shmGroup
  if (position === undefined || text === undefined) return undefined
  const value = foundIfAny(() => BigInt(groupId(tree, text)))
  const { file, line } = position
  return new Map([['shm-group', { file, text, ...present({ line, value }) }]])
}

/**
 * Reads all files that set some settings at a start, as they are once `planned` has been written. A
 * file that cannot be read sets nothing.
 */
export const lookAtStartFiles = (
  tree: Tree,
  settings: readonly TunedSetting[],
  planned?: PlannedTexts,
): ReadStartFiles => ({
  ...readStartFiles(
    tree,
    settings.map(({ path }) => path),
    planned,
  ),
  ...present({ configured: readConfigured(tree) }),
})
