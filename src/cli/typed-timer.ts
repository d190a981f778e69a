import { usage } from '../errors.ts'
import { usualTextfile } from '../model/telemetry/metrics-timer.ts'
import type { TimerRequest } from '../operations/telemetry/keep-metrics-timer.ts'
import type { Words } from './command.ts'
import {
  overwriteOption,
  requiresOption,
  serviceDryRunOption,
  textfileOption,
  timerHoldersOption,
} from './options/service-option.ts'
import { parseMetricsFile, typedValue } from './typed-values.ts'

/** The operand of `service` that means the timer of metrics. */
export const metricsWord = 'metrics'

export const timerActions = ['install', 'remove'] as const

/**
 * Reads a path that is written into a unit, which runs in no directory of the user and has
 * specifiers of its own.
 */
const parseTextfile = (text: string): string => {
  if (/^\/[^\p{Cc}\p{Bidi_Control}$`"\\]*$/u.test(text)) return parseMetricsFile(text)
  throw usage(`'${text}' cannot be named in a unit`, 'it has to be an absolute path of plain names')
}

/** Throws E_USAGE for an option that only the installation of the timer has. */
export const refuseTimerOptions = ({ switches, values }: Words): void => {
  for (const { name } of [textfileOption, timerHoldersOption])
    if (switches.has(name) || name in values)
      throw usage(`--${name} is for '${metricsWord} install'`)
}

/** Reads the words after `service metrics`. Throws E_USAGE for wrong ones. */
export const typedTimer = (words: Words): TimerRequest => {
  const { operands, switches } = words
  const [, word] = operands
  const action = timerActions.find((each) => each === word)
  if (action === undefined)
    throw usage(
      word === undefined
        ? 'what is to be done is missing'
        : `'${word}' is nothing that can be done`,
      `it is one of ${timerActions.join(', ')}`,
    )
  const textfile = typedValue(words, textfileOption, parseTextfile)
  const holders = switches.has(timerHoldersOption.name)
  if (action !== 'install') refuseTimerOptions(words)
  for (const { name } of [requiresOption, overwriteOption])
    if (switches.has(name)) throw usage(`--${name} is not for '${metricsWord}'`)
  return {
    action,
    textfile: textfile ?? usualTextfile,
    holders,
    dryRun: switches.has(serviceDryRunOption.name),
  }
}
