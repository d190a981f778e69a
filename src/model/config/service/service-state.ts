import { exitPartial } from '../../../errors.ts'
import type { ServiceForm, ServiceKind } from './service-kind.ts'
import { unitPropertiesIn } from './unit-properties.ts'

/** Whether a service is there, is hugepool's, and starts by itself. */
export type Installed = 'enabled' | 'disabled' | 'absent' | 'foreign' | 'masked'

/** How the last start of the service ended, as systemd tells it. */
export interface LastRun {
  readonly outcome: 'none' | 'running' | 'done' | 'partial' | 'failed' | 'skipped'
  /** The exit status of the program; absent where it did not end by one. */
  readonly status?: number
  /** The word of systemd for a failure, such as `timeout`. */
  readonly result?: string
}

/** A service as it is found. */
export interface ServiceState {
  readonly kind: ServiceKind
  readonly path: string
  readonly installed: Installed
  readonly form?: ServiceForm
  /** The paths that the service runs; absent where its text names none. */
  readonly program?: readonly string[]
  /** The paths among these that do not exist. */
  readonly missing: readonly string[]
  /**
   * How it ended last; absent where nothing tells that: systemd does not run, or another init does.
   */
  readonly last?: LastRun
}

/** The properties of a unit that tell how it ended. */
export const lastProperties = [
  'ActiveState',
  'Result',
  'ConditionResult',
  'ConditionTimestampMonotonic',
  'ExecMainCode',
  'ExecMainStatus',
  'ExecMainExitTimestampMonotonic',
] as const

/** The code of a program that ended by an exit status: CLD_EXITED of waitid(2). */
const exited = '1'

/**
 * Reads what `systemctl show` tells of the service. A unit has no timestamps where it was not
 * started since the machine was.
 */
export const lastRunOf = (text: string): LastRun => {
  const all = unitPropertiesIn(text)
  const at = (name: (typeof lastProperties)[number]) => all.get(name) ?? ''
  const never = (name: (typeof lastProperties)[number]) => ['', '0'].includes(at(name))
  const result = at('Result')
  const status = at('ExecMainCode') === exited ? { status: Number(at('ExecMainStatus')) } : {}
  if (['activating', 'reloading'].includes(at('ActiveState'))) return { outcome: 'running' }
  if (at('ConditionResult') === 'no' && !never('ConditionTimestampMonotonic'))
    return { outcome: 'skipped' }
  if (result !== '' && result !== 'success')
    return {
      outcome: status.status === exitPartial ? 'partial' : 'failed',
      ...status,
      result,
    }
  if (never('ExecMainExitTimestampMonotonic')) return { outcome: 'none' }
  return { outcome: 'done', ...status }
}

const missingWords = ({ missing, path }: ServiceState): readonly string[] =>
  missing.length === 0 ? [] : [`${path}: ${missing.join(' and ')}: not there, so it cannot start`]

const installedWords: Readonly<Record<Installed, string>> = {
  enabled: 'applies the configuration at every start',
  disabled: 'is installed and not enabled: nothing starts it',
  absent: 'not there: nothing applies the configuration at a start',
  foreign: 'was not written by hugepool',
  masked: 'masks the service: nothing starts it',
}

const lastWords: Readonly<Record<LastRun['outcome'], string>> = {
  none: 'it did not run since this machine was started',
  running: 'it runs at this moment',
  done: 'the last run succeeded',
  partial: 'the last run fell short',
  failed: 'the last run failed',
  skipped: 'the last run was skipped, because a condition of the unit does not hold',
}

const formWords = ({ installed, form }: ServiceState): string => {
  if (installed !== 'enabled' || form === undefined) return ''
  return form === 'early' ? ', before file systems are mounted' : ', after file systems are mounted'
}

const endedWords = ({ status, result }: LastRun): string => {
  if (status !== undefined && status !== 0) return ` (exit status ${status})`
  return result === undefined ? '' : ` (${result})`
}

/** Says what a service is and how it ended, and which of its paths do not exist. */
export const serviceWords = (state: ServiceState): readonly string[] => {
  const { path, installed, last } = state
  const ended = last === undefined ? '' : `; ${lastWords[last.outcome]}${endedWords(last)}`
  const isThere = installed !== 'absent' && installed !== 'masked'
  return [
    `${path}: ${installedWords[installed]}${formWords(state)}${isThere ? ended : ''}`,
    ...missingWords(state),
  ]
}

/** Tells whether the configuration will be applied at the next start, and was at the last one. */
export const isServing = ({ installed, missing, last }: ServiceState): boolean =>
  installed === 'enabled' &&
  missing.length === 0 &&
  last?.outcome !== 'failed' &&
  last?.outcome !== 'partial'
