import { HugepoolError, type StopSignal } from '../../errors.ts'
import { errnoOf, explain } from '../../kernel/errno.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import {
  type DemoteChange,
  demoteChange,
  demoteWords,
  untriedWords,
} from '../../model/pools/demote-change.ts'
import {
  type DemotePlan,
  type DemoteRequest,
  type DemoteWrite,
  demoteWrites,
  fewerSplitWords,
  planDemote,
} from '../../model/pools/demote-plan.ts'
import { type DemoteStep, splittableOf } from '../../model/pools/demote-steps.ts'
import { findPool, type Pool } from '../../model/pools/machine.ts'
import { type Outcome, overallOutcome } from '../../model/pools/pool-change.ts'
import { kilobytesOf } from '../../model/words/bytes.ts'
import { fewer, type Pages } from '../../model/words/count.ts'
import { formatSize, type PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { stoppedWords } from '../../model/words/stopped.ts'
import type { Ports, SignalWatch } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { checkWritable, writeDenied } from './check-writable.ts'

export interface DemoteResult {
  readonly kind: 'demoted'
  readonly outcome: Outcome
  readonly changes: readonly DemoteChange[]
  readonly pools: readonly Pool[]
  readonly words: readonly string[]
  readonly failure?: HugepoolError
  readonly signal?: StopSignal
}

export interface DemoteDryRun {
  readonly kind: 'dry-run'
  readonly writes: readonly DemoteWrite[]
  readonly words: readonly string[]
  /** The error that a real run would end with for want of a right. */
  readonly denied?: HugepoolError
}

export interface DemoteOptions {
  readonly dryRun: boolean
  readonly wait: boolean
}

const setSize = (ports: Ports, plan: DemotePlan, size: PageSize): void => {
  try {
    ports.tree.write(plan.sizePath, kilobytesOf(size))
  } catch (error) {
    const words = `the kernel does not split ${formatSize(plan.size)} into ${formatSize(size)} pages (EINVAL)`
    throw explain(error, plan.sizePath, {
      EINVAL: { code: 'E_UNSUPPORTED', reason: 'no-feature', words },
    })
  }
}

/**
 * Restores the demote size. On arm64 the initial size may be one that the kernel does not accept
 * back; this is reported and is no failure.
 */
const putSizeBack = (ports: Ports, plan: DemotePlan): void => {
  if (plan.putBack === undefined) return
  try {
    ports.tree.write(plan.sizePath, kilobytesOf(plan.putBack))
    ports.undid?.(plan.sizePath)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    ports.note(
      `${plan.sizePath} stays at ${formatSize(plan.to)}: the kernel does not take ${formatSize(plan.putBack)} back (${errno})`,
    )
  }
}

/**
 * Writes to a demote file. Returns EBUSY as an error and throws every other one: from 6.12 on EBUSY
 * also follows a write that did split pages, so only the counters tell whether it failed.
 */
const writeDemote = (ports: Ports, path: string, pages: Pages): unknown => {
  try {
    if (pages > 0n) ports.tree.write(path, `${pages}`)
    return undefined
  } catch (error) {
    if (errnoOf(error) !== 'EBUSY') throw explain(error, path)
    return explain(error, path)
  }
}

const splitPages = (ports: Ports, plan: DemotePlan, step: DemoteStep): DemoteChange => {
  const before = readMachine(ports.tree)
  const most = splittableOf(findPool(before, plan.size), step.node)
  const busy = writeDemote(ports, step.path, fewer(step.requested, most))
  const change = demoteChange(before, readMachine(ports.tree), plan, step)
  if (busy !== undefined && change.demoted === 0n) throw busy
  return change
}

/** Splits the pages of a plan. `changes` holds what was done so far, even when this throws. */
const carryOutDemote = async (
  ports: Ports,
  plan: DemotePlan,
  signals: SignalWatch,
  changes: DemoteChange[],
): Promise<void> => {
  const writes = plan.steps.some(({ splittable }) => splittable > 0n)
  if (writes && plan.putBack !== undefined) setSize(ports, plan, plan.to)
  try {
    // A signal is noted only between two turns of the event loop.
    await ports.pause(0)
    for (const step of plan.steps) {
      if (signals.pending() === undefined) changes.push(splitPages(ports, plan, step))
      await ports.pause(0)
    }
  } finally {
    if (writes) putSizeBack(ports, plan)
  }
}

/** Returns the changes of the steps that a signal or an error kept from being tried. */
const untried = (ports: Ports, plans: readonly DemotePlan[], tried: number) => {
  const now = readMachine(ports.tree)
  const all = plans.flatMap((plan) => plan.steps.map((step) => demoteChange(now, now, plan, step)))
  return all.slice(tried)
}

const tryDemote = async (
  ports: Ports,
  plans: readonly DemotePlan[],
  signals: SignalWatch,
  changes: DemoteChange[],
): Promise<HugepoolError | undefined> => {
  try {
    for (const plan of plans) await carryOutDemote(ports, plan, signals, changes)
    return undefined
  } catch (error) {
    if (error instanceof HugepoolError && changes.some(({ demoted }) => demoted > 0n)) return error
    throw error
  }
}

const demoteNow = async (ports: Ports, request: DemoteRequest): Promise<DemoteResult> => {
  const plans = planDemote(readMachine(ports.tree), request)
  checkWritable(
    ports,
    demoteWrites(plans).map(({ path }) => path),
  )
  for (const words of fewerSplitWords(plans)) ports.reason(words)
  const signals = ports.watchSignals()
  const changes: DemoteChange[] = []
  const failure = await tryDemote(ports, plans, signals, changes)
  const left = untried(ports, plans, changes.length)
  const steps = plans.flatMap((plan) => plan.steps)
  const words = [
    ...steps.flatMap((step, index) => {
      const change = changes[index]
      return (change && demoteWords(change, step)) ?? []
    }),
    ...left.map(untriedWords),
  ]
  changes.push(...left)
  const signal = signals.pending()
  return present({
    kind: 'demoted',
    outcome: failure === undefined ? overallOutcome(changes) : 'partial',
    changes,
    pools: readMachine(ports.tree).pools,
    words: [...stoppedWords(signal), ...words],
    failure,
    signal,
  })
}

/** Splits pages of a pool into pages of a smaller size. The result is read from both pools. */
export const demotePages = async (
  ports: Ports,
  request: DemoteRequest,
  options: DemoteOptions,
): Promise<DemoteResult | DemoteDryRun> => {
  if (!options.dryRun) return withLock(ports, options.wait, () => demoteNow(ports, request))
  const plans = planDemote(readMachine(ports.tree), request)
  const writes = demoteWrites(plans)
  const denied = writeDenied(
    ports,
    writes.map(({ path }) => path),
  )
  return present({ kind: 'dry-run', writes, words: fewerSplitWords(plans), denied })
}
