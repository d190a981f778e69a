import { itemText } from '../../config/config-item.ts'
import type { TunedSetting } from '../../config/tune/setting-kind.ts'
import { settingText, valueWritten } from '../../config/tune/setting-value.ts'
import { settingAt } from '../../config/tune/tuned-settings.ts'
import { writtenKey } from '../../config/writers/found-writers.ts'
import type { FoundWriter } from '../../config/writers/writer.ts'
import { writerHints, writerPosition, writerWords } from '../../config/writers/writer-words.ts'
import { plural } from '../../words/plural.ts'
import type { KnownMachine } from './known-machine.ts'
import type { UnnamedFinding } from './machine-finding.ts'

/** A place, and what it sets in the words for that. */
interface ToldWriter {
  readonly writer: FoundWriter
  readonly name: string
  /** One text for all forms of a value. */
  readonly value: string
  readonly setting?: TunedSetting
}

const wordsFor = (setting: TunedSetting, text: string): string => {
  const value = valueWritten(setting, text)
  return value === undefined ? text : settingText(setting, value)
}

/** Tells nothing of a place of which it is not known what it sets. */
const toldOf = (writer: FoundWriter): readonly ToldWriter[] => {
  const { what, path, value = '' } = writer
  if (what !== undefined) return [{ writer, name: itemText(what), value }]
  const setting = path === undefined ? undefined : settingAt(path)
  return setting === undefined
    ? []
    : [{ writer, name: setting.key, value: wordsFor(setting, value), setting }]
}

/** A file that is applied more than once, as by tuned, counts at the last time. */
const eachOnce = (its: readonly ToldWriter[]): readonly ToldWriter[] => {
  const textOf = ({ writer, value }: ToldWriter): string => `${writerPosition(writer)} ${value}`
  return its.filter(
    (one, index) => its.findLastIndex((other) => textOf(other) === textOf(one)) === index,
  )
}

/** Finds the settings that several places set to different values. */
const quarrels = (written: readonly FoundWriter[]): readonly (readonly ToldWriter[])[] =>
  [...new Set(written.map(writtenKey))]
    .map((key) => written.filter((one) => writtenKey(one) === key).flatMap(toldOf))
    .filter((its) => new Set(its.map(({ value }) => value)).size > 1)
    .map(eachOnce)

/** Nothing orders a service and what else a start runs early, where it does not come after all that. */
const isOrdered = ({ writer: { source, when } }: ToldWriter): boolean =>
  source !== 'unit' || when === 'after'

const quarrelFinding = (its: readonly ToldWriter[]): readonly UnnamedFinding[] => {
  const last = its.at(-1)
  if (last === undefined) return []
  const { name, setting } = last
  const each = its.map(({ writer, value }) => `${writerPosition(writer)} to ${value}`).join(', ')
  const winner = isOrdered(last) ? 'the last one wins' : 'whether the last one wins is not known'
  const next =
    setting === undefined
      ? "'hugepool export' writes a configuration to begin with"
      : `'hugepool tune ${name}' shows what it is now`
  return [
    {
      level: 'warning',
      what: `${name} is set by ${plural(its.length, 'place')} at a start: ${each}; ${winner}`,
      hints: [`let one of them alone set it; ${next}`],
    },
  ]
}

/** Places that contradict each other, or the configuration, in what they set at a start. */
export const severalWriters = ({ start }: KnownMachine): readonly UnnamedFinding[] => {
  if (start === undefined) return []
  const managed = new Set(start.writers.map(writtenKey))
  const others = start.written.filter((writer) => {
    const key = writtenKey(writer)
    return key !== undefined && !managed.has(key)
  })
  return [
    ...start.writers
      .filter(({ agrees }) => agrees === false)
      .map(
        (writer): UnnamedFinding => ({
          level: 'warning',
          what: writerWords(writer),
          hints: writerHints([writer]),
        }),
      ),
    ...quarrels(others).flatMap(quarrelFinding),
  ]
}
