import { HugepoolError, objectionOf, type StopSignal } from '../../errors.ts'
import { readTunedSetting, readTuneFacts } from '../../kernel/config/tuned-files.ts'
import { explain } from '../../kernel/errno.ts'
import { groupId } from '../../kernel/etc/passwd-and-group.ts'
import { missingMeaning, readText } from '../../kernel/read-attribute.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { TunedSetting } from '../../model/config/tune/setting-kind.ts'
import {
  type SettingChange,
  settingChanges,
  settingChangeWords,
  tuneOutcome,
} from '../../model/config/tune/tune-change.ts'
import { planTuning, type SettingStep, type TunePlan } from '../../model/config/tune/tune-plan.ts'
import type { SettingRequest } from '../../model/config/tune/tune-request.ts'
import type { Outcome } from '../../model/pools/pool-change.ts'
import { present } from '../../model/words/present.ts'
import { stoppedWords } from '../../model/words/stopped.ts'
import type { Ports } from '../ports.ts'
import { writeSetting } from './apply-settings.ts'
import { lookAtSettings, type SettingsTable } from './list-settings.ts'
import type { PersistWhen } from './persist-pools.ts'
import type { StartFilesSaid } from './persist-settings.ts'

export interface TuneOptions {
  readonly dryRun: boolean
  readonly wait: boolean
  /** Whether the values are kept for every start too, or for starts alone. */
  readonly persist?: PersistWhen
}

/** What a real run would write. */
export interface TuneDryRun {
  readonly kind: 'dry-run'
  readonly plan: TunePlan
  readonly persisted?: StartFilesSaid
  /** The error that a real run would end with for want of a right. */
  readonly denied?: HugepoolError
}

export interface TuneResult extends Omit<SettingsTable, 'kind' | 'named'> {
  readonly kind: 'changed'
  readonly outcome: Outcome
  readonly changes: readonly SettingChange[]
  readonly words: readonly string[]
  readonly persisted?: StartFilesSaid
  /** The error that ended the call after something had been changed already. */
  readonly failure?: HugepoolError
  readonly signal?: StopSignal
}

/**
 * Reads a setting that is to be changed. Throws where its file cannot be read, except where the
 * kernel has no such file.
 */
const readToChange = (tree: Tree, setting: TunedSetting) => {
  const found = readTunedSetting(tree, setting)
  if (found.value !== undefined) return found
  try {
    tree.read(setting.path)
  } catch (error) {
    const told = explain(error, setting.path, missingMeaning(tree, setting.path))
    if (told instanceof HugepoolError && told.reason === 'no-feature') return found
    throw told
  }
  throw new HugepoolError(
    'E_KERNEL',
    'not-understood',
    `${setting.path}: holds no value of ${setting.key}: ${JSON.stringify(readText(tree, setting.path).trim())}`,
  )
}

/** Plans a request against the machine as it is. Reads only. */
export const planTuningOn = (tree: Tree, requests: readonly SettingRequest[]): TunePlan =>
  planTuning(
    requests,
    (setting) => readToChange(tree, setting),
    readTuneFacts(tree),
    (word) => BigInt(groupId(tree, word)),
  )

export const tunedPaths = ({ steps }: TunePlan): readonly string[] => steps.map(({ path }) => path)

/** Writes the steps in their order, until an error or a signal ends that. */
const carryOut = async (
  ports: Ports,
  steps: readonly SettingStep[],
): Promise<{ readonly failure?: HugepoolError; readonly signal?: StopSignal }> => {
  const signals = ports.watchSignals()
  for (const { path, value } of steps) {
    const signal = signals.pending()
    if (signal !== undefined) return { signal }
    const [failure] = objectionOf(() => writeSetting(ports, path, value))
    if (failure !== undefined) return { failure }
    // A signal is noted only between two turns of the event loop.
    await ports.pause(0)
  }
  return {}
}

/**
 * Carries out a plan, whose files were checked before. Throws the error of a call that changed
 * nothing.
 */
export const carryOutTuning = async (ports: Ports, plan: TunePlan): Promise<TuneResult> => {
  const { tree } = ports
  const { failure, signal } = await carryOut(ports, plan.steps)
  const changes = settingChanges(plan.wanted, (setting) => readTunedSetting(tree, setting))
  if (failure !== undefined && changes.every(({ before, after }) => before === after)) throw failure
  return present({
    kind: 'changed',
    outcome: tuneOutcome(changes),
    changes,
    ...lookAtSettings(
      tree,
      plan.wanted.map(({ setting }) => setting),
    ),
    words: [...stoppedWords(signal), ...changes.flatMap(settingChangeWords)],
    failure,
    signal,
  })
}
