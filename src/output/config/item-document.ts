import { failureFacts } from '../../errors.ts'
import type { ConfigChange } from '../../model/config/config-change.ts'
import {
  type ConfigItem,
  type ItemName,
  type ItemValue,
  valueText,
} from '../../model/config/config-item.ts'
import type { ConfigPosition, SkippedFile } from '../../model/config/configuration.ts'
import type { UnnamedMount } from '../../model/config/recorded-mount.ts'
import { nextBootKeys } from '../../model/config/whole-state.ts'
import { unlessEmpty } from '../../model/words/present.ts'
import type {
  ConfigChangeDocument,
  ItemDocument,
  NextBootDocument,
  UnnamedDocument,
} from '../schemas/documents.ts'

const valueDocument = (value: ItemValue | undefined): bigint | string | undefined => {
  if (value === undefined || typeof value === 'bigint') return value
  return typeof value === 'object' && 'bytes' in value ? value.bytes : valueText(value)
}

const nameDocument = ({ attribute, size, node, target }: ItemName) => ({
  attribute,
  pageSize: size,
  node,
  target,
})

/** Returns an item of a configuration in the form of JSON documents. */
export const itemDocument =
  (positions: ReadonlyMap<string, ConfigPosition>) =>
  (item: ConfigItem): ItemDocument => {
    const { key, wanted, found, state, why, possible, essential, atLeast } = item
    const position = positions.get(key)
    return {
      ...nameDocument(item),
      key,
      essential,
      atLeast,
      wanted: valueDocument(wanted) ?? '',
      found: valueDocument(found),
      state,
      why,
      possible,
      file: position?.file.startsWith('/') ? position.file : undefined,
      line: position?.line,
    }
  }

/** Says in the form of JSON documents whether another start is needed, and for what. */
export const nextBootDocument = (items: readonly ConfigItem[]): NextBootDocument => {
  const nextBoot = nextBootKeys(items)
  return { rebootRequired: nextBoot.length > 0, ...(nextBoot.length > 0 && { nextBoot }) }
}

/** Returns what came of an item, or would come of it, in the form of JSON documents. */
export const configChangeDocument = (change: ConfigChange): ConfigChangeDocument => {
  const { key, essential, atLeast, before, requested, after, outcome, error } = change
  return {
    ...nameDocument(change),
    key,
    essential,
    atLeast,
    before: valueDocument(before),
    requested: valueDocument(requested) ?? '',
    after: valueDocument(after),
    outcome,
    error: error && failureFacts(error),
  }
}

/** Returns the mounts that are no longer named, or undefined where there are none. */
export const unnamedDocument = (
  unnamed: readonly UnnamedMount[],
): readonly UnnamedDocument[] | undefined =>
  unnamed.length === 0
    ? undefined
    : unnamed.map(({ target, isPruned, error }) => ({
        target,
        pruned: isPruned,
        error: error && failureFacts(error),
      }))

/** Returns the files that say nothing here, or undefined where there are none. */
export const skippedDocument = (
  skipped: readonly SkippedFile[],
): readonly SkippedFile[] | undefined => unlessEmpty(skipped)
