import { type ConfigItem, itemText } from '../../config/config-item.ts'
import { amissWords } from '../../config/refuse-unless-all.ts'
import { isUntold } from '../../config/state-words.ts'
import { isAmiss } from '../../config/whole-state.ts'
import { settingKey, writtenKey } from '../../config/writers/found-writers.ts'
import type { FoundWriter } from '../../config/writers/writer.ts'
import { writerPosition } from '../../config/writers/writer-words.ts'
import { countersOf, type Machine, type Pool, persistent } from '../../pools/machine.ts'
import { firstNames } from '../../words/first-names.ts'
import { formatSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import type { KnownMachine, KnownStart } from './known-machine.ts'
import type { UnnamedFinding } from './machine-finding.ts'

const nothingKnown: KnownStart = { items: [], written: [], writers: [], isPartial: true }

export const configurationWrong = ({
  start = nothingKnown,
}: KnownMachine): readonly UnnamedFinding[] =>
  start.error === undefined
    ? []
    : [
        {
          level: 'problem',
          what: `the configuration cannot be read: ${start.error.message.split('\n')[0]}`,
          hints: ["'hugepool check --syntax' shows all that is wrong with it"],
        },
      ]

const itemHints = ({ planned, hints = [] }: ConfigItem): readonly string[] => {
  const known = [...(planned ? ["'hugepool apply' makes it so"] : []), ...hints]
  return known.length > 0 ? known : ["'hugepool check' says how it differs"]
}

const itemFinding = (item: ConfigItem): UnnamedFinding => ({
  level: item.essential ? 'problem' : 'warning',
  what: amissWords(item),
  hints: itemHints(item),
})

/** Tells whether the machine has less than the configuration wants of something, or nothing of it. */
const isLacking = (item: ConfigItem): boolean =>
  item.state !== 'ok' && item.state !== 'next-boot' && !isUntold(item) && !hasMore(item)

const hasMore = ({ attribute, wanted, found }: ConfigItem): boolean =>
  (attribute === 'persistent' || attribute === 'overcommit') &&
  typeof wanted === 'bigint' &&
  typeof found === 'bigint' &&
  found > wanted

/**
 * Finds the last place that sets each setting, in the order of a start: its value is there in the end.
 */
const lastWriters = (written: readonly FoundWriter[]): readonly FoundWriter[] => [
  ...new Map(
    written.flatMap((one) => (one.what ? [[settingKey(one.what), one] as const] : [])),
  ).values(),
]

const numberOf = (value: string | undefined): bigint | undefined =>
  value !== undefined && /^\d+$/.test(value) ? BigInt(value) : undefined

const managesPages = ({ configuration }: KnownStart, size: bigint): boolean =>
  configuration?.pools.some((pool) => pool.size === size && pool.pages !== undefined) ?? false

const isThereLess = (machine: Machine, { what, value }: FoundWriter): boolean => {
  const pool = machine.pools.find(({ size }) => size === what?.size)
  const wanted = numberOf(value)
  if (pool === undefined || wanted === undefined || what?.attribute !== 'persistent') return false
  return persistent(countersOf(pool, what.node)) < wanted
}

const writerFinding = (machine: Machine, writer: FoundWriter): readonly UnnamedFinding[] => {
  const { what, value } = writer
  const pool = machine.pools.find(({ size }) => size === what?.size)
  if (what === undefined || pool === undefined) return []
  const found = persistent(countersOf(pool, what.node))
  const node = what.node === undefined ? '' : `${what.node}:`
  return [
    {
      level: 'problem',
      what: `${itemText(what)}: ${writerPosition(writer)} sets ${plural(numberOf(value) ?? 0n, 'page')}, and there ${found === 1n ? 'is' : 'are'} ${found}`,
      hints: [`'hugepool resize ${formatSize(pool.size)}=${node}${value}' says what is in the way`],
    },
  ]
}

/** What is to be there after each start and is not there now. */
export const persistedNotThere = ({
  machine,
  start = nothingKnown,
}: KnownMachine): readonly UnnamedFinding[] => [
  ...start.items
    .filter(isLacking)
    .filter((item) => isAmiss(item) || item.state === 'short')
    .map(itemFinding),
  ...lastWriters(start.written)
    .filter(({ what }) => what?.size !== undefined && !managesPages(start, what.size))
    .filter((writer) => isThereLess(machine, writer))
    .flatMap((writer) => writerFinding(machine, writer)),
]

/** Whether somebody makes pages of a size at a start. */
const isMadeAtStart = ({ written, isPartial }: KnownStart, { size }: Pool): boolean =>
  isPartial || written.some(({ what }) => what?.attribute === 'persistent' && what.size === size)

/** Says of pages that nothing is seen to make them. Of some places it cannot be told what they set. */
const unmadeFinding = ({ written }: KnownStart, pool: Pool): UnnamedFinding => {
  const pages = persistent(pool)
  const unclear = new Set(written.flatMap((one) => (writtenKey(one) === undefined ? one.file : [])))
  const maker =
    unclear.size === 0 ? 'nothing makes them' : `only ${firstNames([...unclear])} may make them`
  return {
    level: unclear.size === 0 ? 'warning' : 'note',
    what: `${plural(pages, 'page')} of ${formatSize(pool.size)} ${pages === 1n ? 'is' : 'are'} there, and ${maker} at the next start`,
    hints: [`'hugepool resize ${formatSize(pool.size)}=${pages} --persist' has them made`],
  }
}

/** What is there now and will not be after the next start. */
export const thereNotPersisted = ({
  machine,
  start = nothingKnown,
}: KnownMachine): readonly UnnamedFinding[] => [
  ...start.items
    .filter((item) => hasMore(item) && isAmiss(item))
    .map((item): UnnamedFinding => ({ ...itemFinding(item), level: 'warning' })),
  ...machine.pools
    .filter((pool) => persistent(pool) > 0n && !managesPages(start, pool.size))
    .filter((pool) => !isMadeAtStart(start, pool))
    .map((pool) => unmadeFinding(start, pool)),
]
