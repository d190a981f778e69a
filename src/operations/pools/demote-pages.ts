import { HugepoolError, type StopSignal } from '../../errors.ts'
import { errnoOf, explain } from '../../kernel/errno.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { type DemoteChange, demoteChange, demoteWords } from '../../model/pools/demote-change.ts'
import {
  type DemoteRequest,
  type DemoteTask,
  type DemoteWrite,
  demoteWrites,
  fewerWords,
  kilobytesOf,
  planDemote,
} from '../../model/pools/demote-plan.ts'
import { type DemotePart, splittableOf } from '../../model/pools/demote-steps.ts'
import { findPool, type Pool } from '../../model/pools/machine.ts'
import { type Outcome, outcomeOf } from '../../model/pools/pool-change.ts'
import { fewer, type Pages } from '../../model/words/count.ts'
import { formatSize, type PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import type { Ports, SignalWatch } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { checkWritable } from './check-writable.ts'

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
}

export interface DemoteOptions {
  readonly dryRun: boolean
  readonly wait: boolean
}

const setSize = (ports: Ports, task: DemoteTask, size: PageSize): void => {
  try {
    ports.tree.write(task.sizePath, kilobytesOf(size))
  } catch (error) {
    const words = `the kernel does not split ${formatSize(task.size)} into ${formatSize(size)} pages (EINVAL)`
    throw explain(error, task.sizePath, { EINVAL: { code: 'E_UNSUPPORTED', words } })
  }
}

/** arm64 starts with a size that it does not accept back: that is said, and no failure. */
const putSizeBack = (ports: Ports, task: DemoteTask): void => {
  if (task.putBack === undefined) return
  try {
    ports.tree.write(task.sizePath, kilobytesOf(task.putBack))
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    ports.note(
      `${task.sizePath} stays at ${formatSize(task.to)}: the kernel does not take ${formatSize(task.putBack)} back (${errno})`,
    )
  }
}

/** From 6.8 on EBUSY also follows a write that did split pages: only the counters tell. */
const writeDemote = (ports: Ports, path: string, pages: Pages): unknown => {
  try {
    if (pages > 0n) ports.tree.write(path, `${pages}`)
    return undefined
  } catch (error) {
    if (errnoOf(error) !== 'EBUSY') throw explain(error, path)
    return explain(error, path)
  }
}

const splitPart = (ports: Ports, task: DemoteTask, part: DemotePart): DemoteChange => {
  const before = readMachine(ports.tree)
  const most = splittableOf(findPool(before.pools, task.size), part.node)
  const busy = writeDemote(ports, part.path, fewer(part.requested, most))
  const change = demoteChange(before, readMachine(ports.tree), task, part)
  if (busy !== undefined && change.demoted === 0n) throw busy
  return change
}

/** Splits what a task asks for; the list of changes grows as it goes, and stands when it throws. */
const carryOut = (
  ports: Ports,
  task: DemoteTask,
  signals: SignalWatch,
  changes: DemoteChange[],
): void => {
  const writes = task.parts.some(({ splittable }) => splittable > 0n)
  if (writes && task.putBack !== undefined) setSize(ports, task, task.to)
  try {
    for (const part of task.parts)
      if (signals.pending() === undefined) changes.push(splitPart(ports, task, part))
  } finally {
    if (writes) putSizeBack(ports, task)
  }
}

/** What a signal or an error kept from being tried. */
const untried = (ports: Ports, tasks: readonly DemoteTask[], tried: number) => {
  const now = readMachine(ports.tree)
  const all = tasks.flatMap((task) => task.parts.map((part) => demoteChange(now, now, task, part)))
  return all.slice(tried)
}

const attempt = (
  ports: Ports,
  tasks: readonly DemoteTask[],
  signals: SignalWatch,
  changes: DemoteChange[],
): HugepoolError | undefined => {
  try {
    for (const task of tasks) carryOut(ports, task, signals, changes)
    return undefined
  } catch (error) {
    if (error instanceof HugepoolError && changes.some(({ demoted }) => demoted > 0n)) return error
    throw error
  }
}

const change = (ports: Ports, request: DemoteRequest): DemoteResult => {
  const tasks = planDemote(readMachine(ports.tree), request)
  checkWritable(
    ports,
    demoteWrites(tasks).map(({ path }) => path),
  )
  const signals = ports.watchSignals()
  const changes: DemoteChange[] = []
  const failure = attempt(ports, tasks, signals, changes)
  changes.push(...untried(ports, tasks, changes.length))
  const signal = signals.pending()
  const words = changes.flatMap((one) => demoteWords(one) ?? [])
  return present({
    kind: 'demoted',
    outcome: failure === undefined ? outcomeOf(changes) : 'partial',
    changes,
    pools: readMachine(ports.tree).pools,
    words: signal === undefined ? words : [`stopped by ${signal}`, ...words],
    failure,
    signal,
  })
}

/** Splits pages of a pool into pages of a smaller size, and counts afterwards in both pools. */
export const demote = async (
  ports: Ports,
  request: DemoteRequest,
  options: DemoteOptions,
): Promise<DemoteResult | DemoteDryRun> => {
  if (!options.dryRun) return withLock(ports, options.wait, async () => change(ports, request))
  const tasks = planDemote(readMachine(ports.tree), request)
  return { kind: 'dry-run', writes: demoteWrites(tasks), words: fewerWords(tasks) }
}
