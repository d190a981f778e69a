import { type HugepoolError, unsupported } from '../../errors.ts'
import { checkFileStep, etcEntryAt, removeLeftovers } from '../../kernel/etc/etc-files.ts'
import { runsSystemd } from '../../kernel/etc/unit-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import { shellLines } from '../../model/etc/file-step.ts'
import { commandLine, shellWord } from '../../model/etc/shell-word.ts'
import {
  planTimer,
  planTimerRemoval,
  type TimerFacts,
  type TimerPlan,
  textfileIn,
  timerFiles,
  timerKnown,
  timerPaths,
  timerUnit,
  writingUnit,
} from '../../model/telemetry/metrics-timer.ts'
import type { WrittenMetrics } from '../../model/telemetry/timer-units.ts'
import { present } from '../../model/words/present.ts'
import { isSystemdTold, outcomeOf, planUntold } from '../config/is-init-told.ts'
import { tellPrograms } from '../config/keep-service.ts'
import { packagedUnit } from '../config/look-at-service.ts'
import { kindMeant, programMeant } from '../config/service-meant.ts'
import { carryOutFiles, stepsDenied } from '../etc/carry-out-files.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'

/** What is to be done with the timer. */
export interface TimerRequest extends WrittenMetrics {
  readonly action: 'install' | 'remove'
  readonly dryRun: boolean
}

/** What was done, or what a dry run would do. */
export interface TimerChange {
  readonly kind: 'timer' | 'timer-dry-run'
  readonly outcome: 'done' | 'unchanged'
  /** The units that are in force: that which writes, and the timer. */
  readonly paths: readonly [service: string, timer: string]
  /** The file that the timer writes, or wrote; absent where there was no timer. */
  readonly textfile?: string
  /** Shell commands that do the same, one a line. */
  readonly lines: readonly string[]
  readonly words: readonly string[]
  readonly hints: readonly string[]
  /** The error that the real run of a dry run would end with for want of a right. */
  readonly denied?: HugepoolError
}

const factsAt = (tree: Tree): TimerFacts => ({
  service: etcEntryAt(tree, timerFiles.service),
  timer: etcEntryAt(tree, timerFiles.timer),
  link: etcEntryAt(tree, timerFiles.link),
  packaged: present({
    service: packagedUnit(tree, writingUnit),
    timer: packagedUnit(tree, timerUnit),
  }),
  runs: runsSystemd(tree),
})

const forecast = ({ tree }: Ports, { steps, programs }: TimerPlan) => {
  for (const step of steps) checkFileStep(tree, step, true)
  const lines = [...steps.flatMap(shellLines), ...programs.map(commandLine)]
  return present({
    kind: 'timer-dry-run' as const,
    lines,
    words: [],
    denied: stepsDenied(tree, steps),
  })
}

const carryOut = async (ports: Ports, { steps, programs }: TimerPlan) => {
  removeLeftovers(ports.tree, [timerFiles.service])
  carryOutFiles(ports, steps)
  return { kind: 'timer' as const, lines: [], words: await tellPrograms(ports, programs) }
}

/** Says that the last values stay in the file, because node_exporter would show them for ever. */
const removalHints = (textfile: string | undefined): readonly string[] =>
  textfile === undefined ? [] : [`'rm ${shellWord(textfile)}' takes the last values away`]

/**
 * Installs the timer that writes metrics for node_exporter and starts it, or stops and removes it. Throws
 * E_UNSUPPORTED where systemd does not start this machine, or the machine is recorded, and E_REFUSED for
 * units of others.
 */
export const keepMetricsTimer = async (
  ports: Ports,
  { action, dryRun, ...asked }: TimerRequest,
): Promise<TimerChange> => {
  const { tree, run } = ports
  kindMeant(ports, 'systemd')
  const { words: program } =
    action === 'install' ? programMeant(ports, 'systemd') : { words: [] as readonly string[] }
  const change = async () => {
    const facts = factsAt(tree)
    const planOf = (of: TimerFacts) =>
      action === 'install' ? planTimer(of, program, asked) : planTimerRemoval(of)
    const plan = await planUntold(planOf, facts, () => isSystemdTold(ports, timerKnown, action))
    const outcome = outcomeOf(plan)
    const paths = timerPaths(facts, plan.steps)
    const wrote = outcome === 'done' ? textfileIn(facts) : undefined
    const written = action === 'install' ? asked.textfile : wrote
    const done = dryRun ? forecast(ports, plan) : await carryOut(ports, plan)
    const hints = action === 'remove' ? removalHints(written) : []
    return present({ ...done, outcome, paths, textfile: written, hints })
  }
  if (dryRun) return change()
  if (run === undefined)
    throw unsupported('recording', `${tree.root} is not the running kernel: it starts no services`)
  return withLock(ports, true, change)
}
