import type { HugepoolError } from '../../errors.ts'
import type { OptionText } from '../mounts/desired-mount.ts'
import { type Bytes, formatBytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import type { FailureReason } from '../words/failure-reason.ts'
import { type NodeId, onNode } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'

/** What one item of a configuration is about. */
export const itemAttributes = [
  'persistent',
  'demote-size',
  'mount',
  'shm-group',
  'overcommit',
  'boot',
  'default-page-size',
  'free-vmemmap',
  'cma',
] as const

export type ItemAttribute = (typeof itemAttributes)[number]

export const itemStates = ['ok', 'drift', 'short', 'missing', 'unknown', 'next-boot'] as const

/**
 * How the machine compares with an item. It is as wanted (`ok`) or otherwise (`drift`), it has less
 * because the kernel can give no more (`short`), it lacks something that the item needs, such as a
 * mount, a size, a node or a group (`missing`), or it is not to be seen (`unknown`). What only the
 * kernel command line of the next start can bring is `next-boot`.
 */
export type ItemState = (typeof itemStates)[number]

/** A number of pages or an id, an amount of memory, the options of a mount, or words. */
export type ItemValue =
  | bigint
  | string
  | { readonly bytes: Bytes }
  | { readonly options: readonly OptionText[] }

/** Writes options as mount(8) takes them: `pagesize=2M,size=512M,nosuid,nodev`. */
const optionsText = (options: readonly OptionText[]): string =>
  options
    .filter(({ text }) => text !== '-')
    .map(({ option, text }) => (option === 'flags' ? text : `${option}=${text}`))
    .join(',')

/** Writes a value as a text that is the same for equal values. */
export const valueText = (value: ItemValue): string => {
  if (typeof value !== 'object') return `${value}`
  return 'bytes' in value ? formatBytes(value.bytes) : optionsText(value.options)
}

/** What an item is, apart from its values. */
export interface ItemName {
  readonly attribute: ItemAttribute
  readonly size?: PageSize
  readonly node?: NodeId
  readonly target?: string
}

/** One thing that a configuration wants, and what the machine has. */
export interface ConfigItem extends ItemName {
  /** The key of the configuration, as in `pools.2M.pages`. */
  readonly key: string
  readonly wanted: ItemValue
  /** Whether a number above the wanted one is as wanted too. */
  readonly atLeast?: true
  /** The value that there is; absent where there is none, or where it is not to be seen. */
  readonly found?: ItemValue
  readonly state: ItemState
  /** Why it is not as wanted, or what is worth knowing where it is. */
  readonly why?: string
  /** Which failure it would be, where it cannot be made as wanted. */
  readonly reason?: FailureReason
  readonly hints?: readonly string[]
  /** The most pages that can be had, where fewer than wanted can. */
  readonly possible?: Pages
  /** Whether a lack of it is a failure. Otherwise it is only a warning. */
  readonly essential: boolean
  /** Whether it has less than is wanted, or nothing. */
  readonly lacks?: boolean
  /** Whether the plan makes it as wanted, as far as is known beforehand. */
  readonly planned?: boolean
}

const attributeWords: Readonly<Partial<Record<ItemAttribute, string>>> = {
  overcommit: 'overcommit',
  'demote-size': 'demote-size',
  boot: 'boot',
}

/** Names an item: `2M`, `2M on node 1`, `2M overcommit`, `/mnt/huge`, `shm-group`. */
export const itemText = ({ attribute, size, node, target }: ItemName): string => {
  if (size === undefined) return target ?? attribute
  const word = attributeWords[attribute]
  return word === undefined ? `${formatSize(size)}${onNode(node)}` : `${formatSize(size)} ${word}`
}

/** Tells whether two items are the same thing, seen at two moments. */
export const isSameItem =
  (one: ItemName) =>
  (other: ItemName): boolean =>
    one.attribute === other.attribute &&
    one.size === other.size &&
    one.node === other.node &&
    one.target === other.target

const states: Readonly<Partial<Record<FailureReason, ItemState>>> = {
  margin: 'short',
  short: 'short',
  'no-feature': 'short',
  cpuset: 'short',
  'no-size': 'missing',
  'no-node': 'missing',
  'no-hugetlb': 'missing',
  'no-file': 'missing',
  'not-mounted': 'missing',
  'wrong-file': 'missing',
  occupied: 'missing',
  covered: 'missing',
  'wrong-words': 'missing',
  'wrong-size': 'missing',
  'not-whole': 'missing',
  'other-options': 'drift',
  'other-type': 'drift',
}

/**
 * Returns the state of an item that is refused. A reason that says nothing of what there is leaves
 * it unknown.
 */
const stateOfRefusal = ({ reason }: HugepoolError): ItemState => states[reason] ?? 'unknown'

/**
 * Returns what an item says of the errors that are in its way. The first of them decides on its
 * state.
 */
export const refusalKeys = (
  first: HugepoolError,
  ...more: readonly HugepoolError[]
): Pick<ConfigItem, 'state' | 'why' | 'reason' | 'hints'> => {
  const errors = [first, ...more]
  const hints = [...new Set(errors.flatMap(({ hint }) => hint?.split('\n') ?? []))]
  return present({
    state: stateOfRefusal(first),
    reason: first.reason,
    why: errors.map(({ message }) => message).join('; '),
    hints: hints.length > 0 ? hints : undefined,
  })
}
