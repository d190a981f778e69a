import { type HugepoolError, unsupported } from '../../errors.ts'
import { checkFileStep, removeLeftovers } from '../../kernel/etc/etc-files.ts'
import { runsSystemd } from '../../kernel/etc/unit-files.ts'
import {
  type ServiceKind,
  serviceFiles,
  serviceUnit,
} from '../../model/config/service/service-kind.ts'
import {
  planService,
  planServiceRemoval,
  type ServiceFacts,
  type ServicePlan,
} from '../../model/config/service/service-plan.ts'
import { lateWords } from '../../model/config/service/service-program.ts'
import type { ServiceState } from '../../model/config/service/service-state.ts'
import { serviceText } from '../../model/config/service/service-text.ts'
import { shellLines } from '../../model/etc/file-step.ts'
import { commandLine } from '../../model/etc/shell-word.ts'
import { present } from '../../model/words/present.ts'
import { carryOutFiles, stepsDenied } from '../etc/carry-out-files.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { isSystemdTold, isSysvinitTold, outcomeOf, planUntold } from './is-init-told.ts'
import { lookAtService, serviceFactsAt } from './look-at-service.ts'
import { kindMeant, programMeant } from './service-meant.ts'

/** What is to be done with the service. */
export interface ServiceRequest {
  /** Absent where the init that is found is meant. */
  readonly kind?: ServiceKind
  /** Whether a service of others is replaced. */
  readonly overwrites: boolean
  readonly dryRun: boolean
}

/** What was done, or what a dry run would do. */
export interface ServiceChange {
  readonly kind: 'change' | 'dry-run'
  readonly outcome: 'done' | 'unchanged'
  /** Shell commands that do the same, one a line. */
  readonly lines: readonly string[]
  readonly words: readonly string[]
  readonly hints: readonly string[]
  /** The service as it is afterwards, or as it is where nothing was done. */
  readonly state: ServiceState
  /** The error that a real run would end with for want of a right. */
  readonly denied?: HugepoolError
}

/** Runs programs that tell the init of a change. Returns what to say where one fails. */
export const tellPrograms = async (
  { run, did }: Ports,
  programs: ServicePlan['programs'],
): Promise<readonly string[]> => {
  const said: string[] = []
  for (const words of programs) {
    const answer = await run?.(words)
    const line = commandLine(words)
    if (answer?.status === 0) did?.(line, `'${line}' run`)
    if (answer === undefined || answer.status === 0) continue
    const [why = ''] = answer.stderr.trim().split('\n')
    said.push(`'${line}' failed${why === '' ? '' : `: ${why}`}`)
  }
  return said
}

/** What systemd has to know of the service. It does its work once, and need not have run by now. */
const serviceKnown = { wanted: serviceUnit, by: 'sysinit.target', runs: false, others: [] }

const planTold = (
  ports: Ports,
  kind: ServiceKind,
  verb: 'install' | 'remove',
  planOf: (facts: ServiceFacts) => ServicePlan,
): Promise<ServicePlan> =>
  planUntold(planOf, serviceFactsAt(ports.tree, kind), () =>
    kind === 'systemd' ? isSystemdTold(ports, serviceKnown, verb) : isSysvinitTold(ports, verb),
  )

type Carried = Pick<ServiceChange, 'kind' | 'outcome' | 'lines' | 'words' | 'state' | 'denied'>

/** Checks the steps of a plan, and finds out whether a right is missing to carry them out. */
const forecast = async (ports: Ports, kind: ServiceKind, plan: ServicePlan): Promise<Carried> => {
  const { steps, programs } = plan
  for (const step of steps) checkFileStep(ports.tree, step, true)
  return present({
    kind: 'dry-run',
    outcome: outcomeOf(plan),
    lines: [...steps.flatMap(shellLines), ...programs.map(commandLine)],
    words: [],
    state: await lookAtService(ports, kind),
    denied: stepsDenied(ports.tree, steps),
  })
}

const carryOutService = async (
  ports: Ports,
  kind: ServiceKind,
  plan: ServicePlan,
): Promise<Carried> => {
  const { steps } = plan
  removeLeftovers(ports.tree, [serviceFiles[kind].path])
  carryOutFiles(ports, steps)
  const words = await tellPrograms(ports, plan.programs)
  return {
    kind: 'change',
    outcome: outcomeOf(plan),
    lines: [],
    words,
    state: await lookAtService(ports, kind),
  }
}

/** Plans and carries out under the lock. Throws E_UNSUPPORTED for a recorded machine. */
const change = async (
  ports: Ports,
  kind: ServiceKind,
  dryRun: boolean,
  plan: () => Promise<ServicePlan>,
): Promise<Carried> => {
  if (dryRun) return forecast(ports, kind, await plan())
  if (ports.run === undefined)
    throw unsupported(
      'recording',
      `${ports.tree.root} is not the running kernel: it starts no services`,
    )
  return withLock(ports, true, async () => carryOutService(ports, kind, await plan()))
}

const startLines: Readonly<Record<ServiceKind, string>> = {
  systemd: 'systemctl start hugepool',
  openrc: 'rc-service hugepool start',
  sysvinit: 'service hugepool start',
  runit: 'hugepool apply',
}

/**
 * Tells what can be done after an installation. In an image, where no systemd runs, nothing can be
 * started now.
 */
const installHints = ({ tree }: Ports, { kind, installed }: ServiceState): readonly string[] => [
  ...(installed === 'disabled' && kind === 'sysvinit'
    ? ["'update-rc.d hugepool defaults' enables it"]
    : []),
  ...(kind === 'systemd' && !runsSystemd(tree)
    ? []
    : [`'${startLines[kind]}' applies the configuration now`]),
]

const idleWords = ({ tree }: Ports, kind: ServiceKind): readonly string[] =>
  kind === 'systemd' && !runsSystemd(tree)
    ? ['systemd does not run here: it finds the unit when it starts this machine']
    : []

/**
 * Installs the service and enables it. Throws E_REFUSED for a service of others unless `overwrites` is
 * set, and where node or hugepool is not there at a start.
 */
export const installService = async (
  ports: Ports,
  { kind: named, overwrites, dryRun }: ServiceRequest,
): Promise<ServiceChange> => {
  const kind = kindMeant(ports, named)
  const program = programMeant(ports, kind)
  const text = serviceText(kind, program)
  const done = await change(ports, kind, dryRun, () =>
    planTold(ports, kind, 'install', (facts) => planService(facts, text, overwrites)),
  )
  return {
    ...done,
    words: [...lateWords(program), ...idleWords(ports, kind), ...done.words],
    hints: done.outcome === 'done' && !dryRun ? installHints(ports, done.state) : [],
  }
}

/**
 * Removes what hugepool wrote. The pools stay as they are. Throws E_REFUSED for what others wrote.
 */
export const removeService = async (
  ports: Ports,
  { kind: named, dryRun }: ServiceRequest,
): Promise<ServiceChange> => {
  const kind = kindMeant(ports, named)
  const done = await change(ports, kind, dryRun, () =>
    planTold(ports, kind, 'remove', planServiceRemoval),
  )
  return { ...done, hints: [] }
}
