import type { ConfigChange } from '../../model/config/config-change.ts'
import {
  type ConfigItem,
  type ItemValue,
  itemText,
  valueText,
} from '../../model/config/config-item.ts'
import type { ConfigPosition } from '../../model/config/configuration.ts'
import { type Cell, type Column, column, onRequest } from '../columns.ts'

/** An item, and the position that wants it. */
export interface ItemRow {
  readonly item: ConfigItem
  readonly position?: ConfigPosition
}

const valueCell = (value: ItemValue | undefined): Cell => {
  if (value === undefined || typeof value === 'bigint') return value
  return typeof value === 'object' && 'bytes' in value ? { bytes: value.bytes } : valueText(value)
}

/** Shows a value that is wanted at least as `>=512`. */
const wantedCell = (value: ItemValue, atLeast = false): Cell =>
  atLeast ? `>=${valueText(value)}` : valueCell(value)

const positionCell = ({ position }: ItemRow): string | undefined =>
  position && (position.line === undefined ? position.file : `${position.file}:${position.line}`)

const toneOf = ({ item: { state } }: ItemRow) =>
  state === 'ok' || state === 'next-boot' ? undefined : 'wrong'

export const itemColumns: readonly Column<ItemRow>[] = [
  column('WHAT', 'the pool, node, mount or setting', ({ item }) => itemText(item), 'left'),
  column(
    'WANTED',
    'what the configuration wants',
    ({ item: { wanted, atLeast } }) => wantedCell(wanted, atLeast),
    'left',
  ),
  column('FOUND', 'what there is', ({ item }) => valueCell(item.found), 'left'),
  {
    ...column(
      'STATE',
      'ok, drift, short, missing, unknown or next-boot',
      ({ item }) => item.state,
      'left',
    ),
    tone: toneOf,
  },
  column('WHY', 'why it is not as wanted', ({ item }) => item.why, 'left'),
  onRequest(column('POSSIBLE', 'the most pages that can be had', ({ item }) => item.possible)),
  onRequest(column('KEY', 'the key of the configuration', ({ item }) => item.key, 'left')),
  onRequest(column('PLACE', 'the file and line that want it', positionCell, 'left')),
]

export const configChangeColumns: readonly Column<ConfigChange>[] = [
  column('WHAT', 'the pool, node, mount or setting', itemText, 'left'),
  column('BEFORE', 'what there was', ({ before }) => valueCell(before), 'left'),
  column(
    'REQUESTED',
    'what the configuration wants',
    ({ requested, atLeast }) => wantedCell(requested, atLeast),
    'left',
  ),
  column('AFTER', 'what there is now', ({ after }) => valueCell(after), 'left'),
  {
    ...column('OUTCOME', 'done, unchanged or partial', ({ outcome }) => outcome, 'left'),
    tone: ({ outcome }) => (outcome === 'partial' ? 'wrong' : undefined),
  },
  onRequest(column('KEY', 'the key of the configuration', ({ key }) => key, 'left')),
]
