import { usage } from '../../errors.ts'
import { parseTuneWords, type TuneWords } from '../../model/config/tune/tune-request.ts'
import { present } from '../../model/words/present.ts'
import type { SettingsTable } from '../../operations/config/list-settings.ts'
import type { TuneDryRun, TuneOptions, TuneResult } from '../../operations/config/tune-settings.ts'
import type { Ports } from '../../operations/ports.ts'
import { tuneColumns } from '../../output/config/tune-rows.ts'
import { define, type Words } from '../command.ts'
import { dryRunOption, noWaitOption } from '../options/option.ts'
import { tunePersistOption, tuneUnpersistOption } from '../options/tune-option.ts'
import { typedPersist } from '../typed-values.ts'
import { tuneView } from '../views/tune-view.ts'

interface TypedTune {
  readonly asked: TuneWords
  readonly options: TuneOptions
  /** Whether the settings are taken out of the files of a start. */
  readonly forget: boolean
}

/** Throws E_USAGE for an option that does not fit to what is asked. */
const checkOptions = ({ asked, forget, options }: TypedTune): void => {
  if (forget && (asked.do === 'set' || asked.settings.length === 0))
    throw usage(`--${tuneUnpersistOption.name} takes keys without values`)
  if (asked.do === 'show' && options.persist !== undefined)
    throw usage(`--${tunePersistOption.name} takes values: KEY=VALUE`)
}

const resolve = (words: Words): TypedTune => {
  const { operands, switches } = words
  const typed = {
    asked: parseTuneWords(operands),
    forget: switches.has(tuneUnpersistOption.name),
    options: present({
      dryRun: switches.has(dryRunOption.name),
      wait: !switches.has(noWaitOption.name),
      persist: typedPersist(words),
    }),
  }
  checkOptions(typed)
  return typed
}

const run = async (
  { asked, options, forget }: TypedTune,
  ports: Ports,
): Promise<SettingsTable | TuneResult | TuneDryRun> => {
  if (asked.do === 'show' && !forget) {
    const { listSettings } = await import('../../operations/config/list-settings.ts')
    return listSettings(ports, asked.settings)
  }
  const { forgetSettings, tuneSettings } = await import(
    '../../operations/config/tune-and-persist.ts'
  )
  return asked.do === 'set'
    ? tuneSettings(ports, asked.requests, options)
    : forgetSettings(ports, asked.settings, options)
}

export const tuneCommand = define<'tune', TypedTune, SettingsTable | TuneResult | TuneDryRun>({
  details: [
    'Without operands it shows all settings, with KEY that one, and with KEY=VALUE it sets it and',
    'reads back. Groups are given by name or number, memory as 64M or 1G. RECOMMENDED is what the',
    'pools of this machine need at least; nothing is ever lowered that is not given a number.',
  ],
  operands: {
    usage: '[KEY... | KEY=VALUE...]',
    least: 0,
    most: Number.POSITIVE_INFINITY,
    completes: 'setting',
  },
  options: [noWaitOption, tunePersistOption, tuneUnpersistOption, dryRunOption],
  columns: tuneColumns,
  examples: [
    { line: 'hugepool tune', meaning: 'all of them' },
    { line: 'hugepool tune shmmax', meaning: 'one, and why it is as it is' },
    { line: 'hugepool tune shm-group=oracle thp=madvise', meaning: 'set two' },
    { line: 'hugepool tune thp=never --persist', meaning: 'now and at every start' },
    { line: 'hugepool tune thp --unpersist', meaning: 'and at no start any more' },
    { line: 'hugepool tune min-free=256M --dry-run', meaning: 'what would be written?' },
  ],
  resolve,
  run,
  view: tuneView,
})
