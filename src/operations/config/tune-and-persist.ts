import { HugepoolError } from '../../errors.ts'
import type { KeptSetting } from '../../model/config/tune/own-start-file.ts'
import type { TunedSetting } from '../../model/config/tune/setting-kind.ts'
import type { TunePlan } from '../../model/config/tune/tune-plan.ts'
import type { SettingRequest } from '../../model/config/tune/tune-request.ts'
import { present } from '../../model/words/present.ts'
import { checkWritable, writeDenied } from '../pools/check-writable.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { lookAtSettings } from './list-settings.ts'
import {
  type KeptPlan,
  keptDenied,
  planKept,
  startFilesSay,
  writeKept,
} from './persist-settings.ts'
import {
  carryOutTuning,
  planTuningOn,
  type TuneDryRun,
  type TuneOptions,
  type TuneResult,
  tunedPaths,
} from './tune-settings.ts'

const keptOf = ({ wanted }: TunePlan): readonly KeptSetting[] =>
  wanted.map(({ setting, requested: value }) => ({ setting, value }))

const withoutSteps = (plan: TunePlan): TunePlan => ({ ...plan, steps: [] })

const dryRunOf = (ports: Ports, plan: TunePlan, files: KeptPlan | undefined): TuneDryRun => {
  const { tree } = ports
  const denied = writeDenied(ports, tunedPaths(plan)) ?? (files && keptDenied(tree, files))
  return present({ kind: 'dry-run', plan, persisted: files && startFilesSay(tree, files), denied })
}

/**
 * Tells the error of the files along with a change that was made already; throws it where nothing
 * was changed.
 */
const withFailure = (result: TuneResult, thrown: unknown): TuneResult => {
  if (!(thrown instanceof HugepoolError) || result.outcome === 'unchanged') throw thrown
  const words = [...result.words, 'the settings are changed, and no file keeps them']
  return { ...result, outcome: 'partial', words, failure: thrown }
}

const keep = (ports: Ports, result: TuneResult, plan: KeptPlan): TuneResult => {
  // Where the kernel refused a value, or a signal came first, no start is to ask for the values
  // either.
  if (result.failure !== undefined || result.signal !== undefined)
    return { ...result, words: [...result.words, 'no file keeps what was asked for'] }
  try {
    writeKept(ports, plan)
  } catch (error) {
    return withFailure(result, error)
  }
  return { ...result, persisted: startFilesSay(ports.tree, plan) }
}

/** Makes the result of a call that changes nothing but the files of a start. */
const keptAlone = (
  { tree }: Ports,
  plan: KeptPlan,
  settings: readonly TunedSetting[],
): TuneResult => {
  const persisted = startFilesSay(tree, plan)
  const isDone = plan.files.some(({ step }) => step !== undefined)
  return {
    kind: 'changed',
    outcome: isDone ? 'done' : 'unchanged',
    changes: [],
    ...lookAtSettings(tree, settings),
    words: [],
    persisted,
  }
}

/**
 * Sets settings and reads back what came of it; with `persist` hugepool's files of a start say the
 * same from then on. All words are checked, and all rights, before the first write.
 */
export const tuneSettings = async (
  ports: Ports,
  requests: readonly SettingRequest[],
  { dryRun: isDry, wait, persist }: TuneOptions,
): Promise<TuneResult | TuneDryRun> => {
  const { tree } = ports
  const plans = () => {
    const asked = planTuningOn(tree, requests)
    const plan = persist === 'only' ? withoutSteps(asked) : asked
    return { plan, files: persist && planKept(tree, keptOf(plan), isDry) }
  }
  if (isDry) {
    const { plan, files } = plans()
    return dryRunOf(ports, plan, files)
  }
  return withLock(ports, wait, async () => {
    const { plan, files } = plans()
    checkWritable(ports, tunedPaths(plan))
    if (files === undefined) return carryOutTuning(ports, plan)
    if (persist !== 'only') return keep(ports, await carryOutTuning(ports, plan), files)
    writeKept(ports, files)
    return keptAlone(
      ports,
      files,
      requests.map(({ setting }) => setting),
    )
  })
}

/** Takes settings out of hugepool's files of a start. What they are now stays. */
export const forgetSettings = async (
  ports: Ports,
  settings: readonly TunedSetting[],
  { dryRun: isDry, wait }: TuneOptions,
): Promise<TuneResult | TuneDryRun> => {
  const kept = settings.map((setting) => ({ setting }))
  // A missing right does not keep the plan from being made: a real run checks all files before it
  // writes the first.
  const plans = () => planKept(ports.tree, kept, true)
  if (isDry) return dryRunOf(ports, { wanted: [], steps: [] }, plans())
  return withLock(ports, wait, async () => {
    const files = plans()
    const told = keptAlone(ports, files, settings)
    writeKept(ports, files)
    return { ...told, ...lookAtSettings(ports.tree, settings) }
  })
}
