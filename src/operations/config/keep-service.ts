import { unsupported } from '../../errors.ts'
import { findInit, hasInit } from '../../kernel/config/init-system.ts'
import { checkFileStep, isThere, removeLeftovers } from '../../kernel/etc/etc-files.ts'
import { leadsTo } from '../../kernel/etc/unit-files.ts'
import { readMountLines } from '../../kernel/mounts/mountinfo.ts'
import {
  checkSpeakable,
  lateWords,
  placeProgram,
  type ServiceProgram,
} from '../../model/config/service/program-place.ts'
import {
  type ServiceKind,
  serviceKinds,
  servicePlaces,
} from '../../model/config/service/service-kind.ts'
import {
  planService,
  planServiceRemoval,
  type ServicePlan,
} from '../../model/config/service/service-plan.ts'
import type { ServiceState } from '../../model/config/service/service-state.ts'
import { serviceText } from '../../model/config/service/service-text.ts'
import { shellLines } from '../../model/etc/file-step.ts'
import { shellWord } from '../../model/etc/shell-word.ts'
import { carryOutFiles } from '../etc/carry-out-files.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { lookAtService, serviceFactsAt } from './look-at-service.ts'

/** What is to be done with the service. */
export interface ServiceRequest {
  /** Absent where the init that is found is meant. */
  readonly kind?: ServiceKind
  readonly force: boolean
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
}

/** The init that is meant. Throws E_UNSUPPORTED where none is found, or the one named is not there. */
export const kindMeant = ({ tree }: Ports, named?: ServiceKind): ServiceKind => {
  if (named !== undefined && hasInit(tree, named)) return named
  const found = named === undefined ? findInit(tree) : undefined
  if (found !== undefined) return found
  if (named === undefined)
    throw unsupported(
      'no-init',
      `none of the programs is found that start a machine: ${serviceKinds.join(', ')}`,
      "'hugepool service print KIND' writes a service for one of them",
    )
  throw unsupported(
    'no-init',
    `${named} does not start this machine: ${servicePlaces[named].directory} is missing`,
    `'hugepool service print ${named}' writes its service`,
  )
}

/** The real paths of this program, and when they are there. Throws E_REFUSED and E_UNSUPPORTED. */
export const programMeant = ({ tree, program = [] }: Ports, kind: ServiceKind): ServiceProgram => {
  const words = program.map((path) => leadsTo(tree, path) ?? path)
  if (words.length !== 2) throw unsupported('recording', 'here is no program that a service runs')
  const missing = words.find((path) => !isThere(tree, path))
  if (missing !== undefined) throw unsupported('recording', `${missing} is not there`)
  checkSpeakable(words)
  return placeProgram(words, readMountLines(tree).lines, kind)
}

/** Throws for a recorded machine: nothing is started there. */
const checkLive = ({ tree, run }: Ports): void => {
  if (run === undefined)
    throw unsupported('recording', `${tree.root} is not the running kernel: it starts no services`)
}

const commandLine = (words: readonly string[]): string => words.map(shellWord).join(' ')

/** Makes the init know of a change. Returns what to say where it does not answer. */
const tellInit = async ({ run }: Ports, { programs }: ServicePlan): Promise<readonly string[]> => {
  const said: string[] = []
  for (const words of programs) {
    const answer = await run?.(words)
    if (answer === undefined || answer.status === 0) continue
    const [why = ''] = answer.stderr.trim().split('\n')
    said.push(`'${commandLine(words)}' failed${why === '' ? '' : `: ${why}`}`)
  }
  return said
}

const linesOf = ({ steps, programs }: ServicePlan): readonly string[] => [
  ...steps.flatMap(shellLines),
  ...programs.map(commandLine),
]

const carryOutService = async (
  ports: Ports,
  kind: ServiceKind,
  dryRun: boolean,
  planNow: () => ServicePlan,
): Promise<Omit<ServiceChange, 'hints'>> => {
  const { tree } = ports
  if (!dryRun) checkLive(ports)
  const act = async (): Promise<Omit<ServiceChange, 'hints'>> => {
    const plan = planNow()
    const outcome = plan.steps.length === 0 ? 'unchanged' : 'done'
    const lines = linesOf(plan)
    if (dryRun) {
      for (const step of plan.steps) checkFileStep(tree, step, true)
      return { kind: 'dry-run', outcome, lines, words: [], state: await lookAtService(ports, kind) }
    }
    if (plan.steps.length > 0) removeLeftovers(tree, [servicePlaces[kind].path])
    carryOutFiles(ports, plan.steps)
    const words = await tellInit(ports, plan)
    return { kind: 'change', outcome, lines, words, state: await lookAtService(ports, kind) }
  }
  return dryRun ? act() : withLock(ports, true, act)
}

const startHint: Readonly<Record<ServiceKind, string>> = {
  systemd: "'systemctl start hugepool' applies the configuration now",
  openrc: "'rc-service hugepool start' applies the configuration now",
  sysvinit: "'service hugepool start' applies the configuration now",
  runit: "'hugepool apply' applies the configuration now",
}

/**
 * Installs the service and enables it. Throws E_REFUSED for a service of others unless `force` is
 * set, and where node or hugepool is not there at a start.
 */
export const installService = async (
  ports: Ports,
  { kind: named, force, dryRun }: ServiceRequest,
): Promise<ServiceChange> => {
  const kind = kindMeant(ports, named)
  const program = programMeant(ports, kind)
  const text = serviceText(kind, program)
  const change = await carryOutService(ports, kind, dryRun, () =>
    planService(serviceFactsAt(ports.tree, kind), text, force),
  )
  const unlinked =
    kind === 'sysvinit' && change.state.installed !== 'enabled'
      ? ["'update-rc.d hugepool defaults' enables it"]
      : []
  return {
    ...change,
    words: [...lateWords(program), ...change.words],
    hints: [...unlinked, ...(change.outcome === 'done' ? [startHint[kind]] : [])],
  }
}

/** Removes what hugepool wrote. The pools stay as they are. Throws E_REFUSED for what others wrote. */
export const removeService = async (
  ports: Ports,
  { kind: named, dryRun }: ServiceRequest,
): Promise<ServiceChange> => {
  const kind = kindMeant(ports, named)
  const change = await carryOutService(ports, kind, dryRun, () =>
    planServiceRemoval(serviceFactsAt(ports.tree, kind)),
  )
  return { ...change, hints: [] }
}

/** The text of a service of a kind for this program. Throws as `installService` does. */
export const printService = (ports: Ports, named?: ServiceKind) => {
  const kind = named ?? findInit(ports.tree) ?? 'systemd'
  const program = programMeant(ports, kind)
  return { kind, program, text: serviceText(kind, program), words: lateWords(program) }
}

/** Looks at the service. Throws E_UNSUPPORTED where no init is found. */
export const serviceStatus = async (ports: Ports, named?: ServiceKind): Promise<ServiceState> =>
  lookAtService(ports, kindMeant(ports, named))
