import { HugepoolError } from '../../errors.ts'
import { settingsOf } from '../../kernel/config/tuned-files.ts'
import { isShortage } from '../../kernel/errno.ts'
import { isThere } from '../../kernel/etc/etc-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { ConfigItem } from '../../model/config/config-item.ts'
import type { Configuration } from '../../model/config/configuration.ts'
import { isUntold } from '../../model/config/state-words.ts'
import { unreadFileWords } from '../../model/config/writers/writer-words.ts'
import type { KnownStart } from '../../model/doctor/findings/known-machine.ts'
import { present } from '../../model/words/present.ts'
import { findWriters } from '../config/find-writers.ts'
import { lookAtItems } from '../config/look-at-items.ts'
import { readIfConfigured } from '../config/read-if-configured.ts'
import type { Ports } from '../ports.ts'
import type { Noting } from './note-errors.ts'

type ReadStart = Pick<KnownStart, 'configuration' | 'error'>

/** Reads the configuration. What is wrong with it is a finding, and what may not be read is noted. */
const read = async (ports: Ports, { note }: Noting): Promise<ReadStart> => {
  try {
    return { configuration: await readIfConfigured(ports) }
  } catch (error) {
    if (!(error instanceof HugepoolError) || isShortage(error)) throw error
    if (error.code === 'E_CONFIG') return { error }
    note(error.message)
    return {}
  }
}

const itemsOf = async (
  ports: Ports,
  configuration: Configuration,
  { note }: Noting,
): Promise<readonly ConfigItem[]> => {
  const items = await lookAtItems(ports, configuration)
  for (const { key, why = 'is not to be seen' } of items.filter(isUntold)) note(`${key}: ${why}`)
  return items
}

const nothingManaged: Pick<Configuration, 'pools' | 'tune'> = { pools: [], tune: {} }

/** The files of the settings around the pools that this kernel has, but that which pools have too. */
const pathsOf = (tree: Tree): readonly string[] =>
  settingsOf(tree)
    .filter(({ key, path }) => key !== 'shm-group' && isThere(tree, path))
    .map(({ path }) => path)

/** Compares the machine with what its configuration, and all other files, make of it at a start. */
export const lookAtNextStart = async (ports: Ports, see: Noting): Promise<KnownStart> => {
  const { configuration, error } = await read(ports, see)
  const items = configuration === undefined ? [] : await itemsOf(ports, configuration, see)
  const found = await findWriters(ports, configuration ?? nothingManaged, {
    paths: pathsOf(ports.tree),
    overridden: true,
  })
  for (const words of unreadFileWords(found.unread)) see.note(words)
  const hasEtc = isThere(ports.tree, '/etc')
  if (!hasEtc) see.note('there is no /etc: what a start brings is not known')
  return present({
    configuration,
    error,
    items,
    written: found.all,
    writers: found.writers,
    isPartial: !hasEtc || configuration === undefined || found.unread.length > 0,
  })
}
