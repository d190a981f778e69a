import { type HugepoolError, objectionOf } from '../../errors.ts'
import { checkMountRecord, mountRecordPath } from '../../kernel/config/mount-record.ts'
import { removeLeftovers } from '../../kernel/etc/etc-files.ts'
import { isLive } from '../../kernel/tree.ts'
import { type ConfigChange, plannedChanges } from '../../model/config/config-change.ts'
import type { ConfigItem } from '../../model/config/config-item.ts'
import type { Configuration } from '../../model/config/configuration.ts'
import { desiredLines, settingPaths } from '../../model/config/desired-lines.ts'
import type { DesiredPlan } from '../../model/config/desired-plan.ts'
import type { UnnamedMount } from '../../model/config/recorded-mount.ts'
import { refuseUnlessAll } from '../../model/config/refuse-unless-all.ts'
import { type WholeState, wholeState } from '../../model/config/whole-state.ts'
import { umountLine } from '../../model/mounts/umount-target.ts'
import { compactPath } from '../../model/pools/attributes.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import { present } from '../../model/words/present.ts'
import { writtenPaths } from '../pools/carry-out-plan.ts'
import { checkWritable, writeDenied } from '../pools/check-writable.ts'
import type { Ports } from '../ports.ts'
import { hintsOnHolders } from '../processes/hints-on-holders.ts'
import { withLock } from '../with-lock.ts'
import { type ApplyResult, applyResult } from './apply-result.ts'
import { carryOutDesired, type DesiredOptions } from './carry-out-desired.ts'
import { type ConfigFiles, filesOf } from './check-configuration.ts'
import { findUnnamed, pruneMounts } from './prune-mounts.ts'
import { type ConfigSource, readConfiguration } from './read-configuration.ts'
import { type Desired, readDesiredPlan } from './read-desired.ts'

export interface ApplyOptions {
  readonly dryRun: boolean
  readonly allOrNothing: boolean
  readonly compact: boolean
  readonly wait: boolean
  /**
   * Whether mounts that hugepool made are removed where the configuration does not name them any
   * more.
   */
  readonly prune: boolean
  /** Whether pages that fall short are tried for a while, as at the start of a machine. */
  readonly boot: boolean
}

export interface ApplyRequest extends ApplyOptions {
  readonly source: ConfigSource
  readonly leave?: Bytes
}

/** What a real run would do. */
export interface ApplyDryRun extends ConfigFiles {
  readonly kind: 'dry-run'
  readonly state: WholeState
  readonly items: readonly ConfigItem[]
  readonly changes: readonly ConfigChange[]
  readonly lines: readonly string[]
  /** The plan, whose notes and obstacles are told. */
  readonly plan: DesiredPlan
  readonly unnamed: readonly UnnamedMount[]
  /** The error that a real run would end with for want of a right. */
  readonly denied?: HugepoolError
}

/** How long pages that fall short are tried at the start of a machine. */
const patienceMilliseconds = 60_000

/** Whether memory can be compacted: a kernel may have been built without it. */
const canCompact = ({ tree }: Ports): boolean => {
  try {
    tree.checkWritable(compactPath())
    return true
  } catch {
    return false
  }
}

const optionsFor = (
  ports: Ports,
  { compact, boot }: ApplyRequest,
  recordPath: string | undefined,
): DesiredOptions =>
  present({
    compact: compact || (boot && canCompact(ports)),
    until: boot ? ports.clock() + patienceMilliseconds : undefined,
    recordPath,
  })

const pathsOf = (plan: DesiredPlan, options: DesiredOptions): readonly string[] => [
  ...writtenPaths(plan.pages, options),
  ...settingPaths(plan),
]

/**
 * Throws where the right to write any of the files is missing. Every other objection of a file is
 * told with its item.
 */
const checkRights = (ports: Ports, paths: readonly string[]): void => {
  const objections = paths.flatMap((path) => objectionOf(() => checkWritable(ports, [path])))
  const denied = objections.find(({ code }) => code === 'E_PERMISSION')
  if (denied !== undefined) throw denied
}

/** Throws where mounts are made or removed, and who made them could not be recorded. */
const checkRecorded = (
  { tree }: Ports,
  { mounts }: DesiredPlan,
  pruned: readonly unknown[],
  recordPath: string | undefined,
): void => {
  const isMade = ({ judged }: DesiredPlan['mounts'][number]) =>
    judged?.plan.kind === 'mount' && judged.objections.length === 0
  if (pruned.length > 0 || mounts.some(isMade)) checkMountRecord(tree, recordPath)
}

const stays = ({ target }: { readonly target: string }): UnnamedMount => ({
  target,
  isPruned: false,
})

const applyNow = async (
  ports: Ports,
  configuration: Configuration,
  request: ApplyRequest,
  recordPath: string | undefined,
): Promise<ApplyResult> => {
  const { tree } = ports
  const desired: Desired = present({ configuration, leave: request.leave })
  const options = optionsFor(ports, request, recordPath)
  const found = findUnnamed(tree, configuration, recordPath)
  const first = readDesiredPlan(tree, desired)
  if (request.allOrNothing) refuseUnlessAll(first.items)
  checkRights(ports, pathsOf(first, options))
  checkRecorded(ports, first, request.prune ? found : [], recordPath)
  removeLeftovers(tree, [recordPath ?? mountRecordPath])
  const unnamed = request.prune ? await pruneMounts(ports, found, recordPath) : found.map(stays)
  // A mount that was removed has given pages back.
  const plan = unnamed.some(({ isPruned }) => isPruned) ? readDesiredPlan(tree, desired) : first
  const carried = await carryOutDesired(ports, desired, plan, options)
  const held = request.boot ? [] : (carried.pages?.result.heldSizes ?? [])
  const holders = await hintsOnHolders(ports, held)
  const { allOrNothing } = request
  return applyResult(ports, desired, { plan, carried, unnamed, holders, allOrNothing })
}

const dryRunOf = (
  ports: Ports,
  configuration: Configuration,
  request: ApplyRequest,
  recordPath: string | undefined,
): ApplyDryRun => {
  const { tree } = ports
  const plan = readDesiredPlan(tree, present({ configuration, leave: request.leave }))
  if (request.allOrNothing) refuseUnlessAll(plan.items)
  const found = findUnnamed(tree, configuration, recordPath)
  const gone = request.prune ? found : []
  const [unrecorded] = objectionOf(() => checkRecorded(ports, plan, gone, recordPath))
  const options = optionsFor(ports, request, recordPath)
  return present({
    kind: 'dry-run',
    ...filesOf(configuration),
    state: wholeState(plan.items),
    items: plan.items,
    changes: plannedChanges(plan.items),
    lines: [...gone.map(({ target }) => umountLine(target, false)), ...desiredLines(plan)],
    plan,
    unnamed: request.prune ? [] : found.map(stays),
    denied: isLive(tree) ? (writeDenied(ports, pathsOf(plan, options)) ?? unrecorded) : undefined,
  })
}

/** Standard input may keep its reader waiting, so it has to be read before the lock is taken. */
const comesFromOutside = (source: ConfigSource): boolean =>
  source.from === 'file' && source.path === '-'

/**
 * Makes a machine as its configuration wants it, by what `resize`, `mount`, `overcommit` and
 * `demote` do. The lock is held throughout, and taken before the files are read, because another
 * call may be writing them. Throws E_CONFIG and E_PERMISSION before anything is done.
 */
export const applyConfiguration = async (
  ports: Ports,
  request: ApplyRequest,
  recordPath?: string,
): Promise<ApplyResult | ApplyDryRun> => {
  const read = () => readConfiguration(ports, request.source)
  if (request.dryRun) return dryRunOf(ports, read(), request, recordPath)
  const early = comesFromOutside(request.source) ? read() : undefined
  return withLock(ports, request.wait, () => applyNow(ports, early ?? read(), request, recordPath))
}
