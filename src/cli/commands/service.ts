import { usage } from '../../errors.ts'
import {
  consumerPath,
  consumerText,
  unitsOfConsumer,
} from '../../model/config/service/consumer-drop-in.ts'
import {
  type ServiceKind,
  serviceFiles,
  serviceKinds,
} from '../../model/config/service/service-kind.ts'
import type { ServiceState } from '../../model/config/service/service-state.ts'
import { present } from '../../model/words/present.ts'
import type { ServiceChange } from '../../operations/config/keep-service.ts'
import type { Ports } from '../../operations/ports.ts'
import type { TimerChange, TimerRequest } from '../../operations/telemetry/keep-metrics-timer.ts'
import { serviceColumns } from '../../output/config/service-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import {
  overwriteOption,
  requiresOption,
  serviceDryRunOption,
  textfileOption,
  timerHoldersOption,
} from '../options/service-option.ts'
import { metricsWord, refuseTimerOptions, typedTimer } from '../typed-timer.ts'
import {
  type PrintedService,
  printedServiceView,
  serviceChangeView,
  serviceStatusView,
  timerChangeView,
} from '../views/service-view.ts'

export const serviceActions = ['install', 'remove', 'status', 'print'] as const
type ServiceAction = (typeof serviceActions)[number]

interface TypedService {
  readonly action: ServiceAction
  readonly kind?: ServiceKind
  /** The units of a consumer, of which `print` writes the drop-in. */
  readonly units?: readonly string[]
  readonly requires: boolean
  readonly overwrites: boolean
  readonly dryRun: boolean
}

type ServiceResult =
  | ServiceChange
  | TimerChange
  | PrintedService
  | { readonly kind: 'status'; readonly state: ServiceState }

const kindOf = (word: string | undefined): ServiceKind | undefined =>
  serviceKinds.find((kind) => kind === word)

const actionOf = (word: string): ServiceAction => {
  const action = serviceActions.find((each) => each === word)
  if (action !== undefined) return action
  throw usage(`'${word}' is nothing that can be done`, `it is one of ${serviceActions.join(', ')}`)
}

/** Throws E_USAGE for an option that has no meaning for an action. */
const checkOptions = ({ action, units, requires, overwrites, dryRun }: TypedService): void => {
  if (requires && units === undefined)
    throw usage(`--${requiresOption.name} is for 'print' and a consumer`)
  if (overwrites && action !== 'install') throw usage(`--${overwriteOption.name} is for 'install'`)
  if (dryRun && action !== 'install' && action !== 'remove')
    throw usage(`--${serviceDryRunOption.name} is for 'install' and 'remove'`)
}

const resolve = (words: Words): TypedService | TimerRequest => {
  const { operands, switches } = words
  const [first = 'status', second] = operands
  if (first === metricsWord) return typedTimer(words)
  const action = actionOf(first)
  const kind = kindOf(second)
  const isConsumer = action === 'print' && second !== undefined && kind === undefined
  if (second !== undefined && kind === undefined && !isConsumer)
    throw usage(`'${second}' is no init that is known`, `it is one of ${serviceKinds.join(', ')}`)
  const units = isConsumer ? unitsOfConsumer(second) : undefined
  if (isConsumer && units === undefined) throw usage(`'${second}' is not the name of a unit`)
  refuseTimerOptions(words)
  const typed = present({
    action,
    kind,
    units,
    requires: switches.has(requiresOption.name),
    overwrites: switches.has(overwriteOption.name),
    dryRun: switches.has(serviceDryRunOption.name),
  })
  checkOptions(typed)
  return typed
}

const isTimer = (result: ServiceResult): result is TimerChange =>
  result.kind === 'timer' || result.kind === 'timer-dry-run'

const view = (
  result: ServiceResult,
  { action }: Pick<TypedService, 'action'>,
): View<Document<'service'>> => {
  if (isTimer(result)) return timerChangeView(action === 'remove' ? 'remove' : 'install', result)
  if (result.kind === 'printed') return printedServiceView(result)
  if (result.kind === 'status') return serviceStatusView(result.state)
  return serviceChangeView(action === 'remove' ? 'remove' : 'install', result)
}

const printConsumer = (units: readonly string[], requires: boolean): PrintedService => ({
  kind: 'printed',
  paths: units.map(consumerPath),
  text: consumerText({ units, requires }),
  words: [],
})

const run = async (request: TypedService | TimerRequest, ports: Ports): Promise<ServiceResult> => {
  if ('textfile' in request) {
    const { keepMetricsTimer } = await import('../../operations/telemetry/keep-metrics-timer.ts')
    return keepMetricsTimer(ports, request)
  }
  const { action, kind, units, requires, overwrites, dryRun } = request
  if (units !== undefined) return printConsumer(units, requires)
  const { printService, serviceStatus } = await import('../../operations/config/service-meant.ts')
  if (action === 'status') return { kind: 'status', state: await serviceStatus(ports, kind) }
  if (action === 'print') {
    const shown = printService(ports, kind)
    return { kind: 'printed', paths: [serviceFiles[shown.init].path], ...shown }
  }
  const { installService, removeService } = await import('../../operations/config/keep-service.ts')
  const keep = action === 'install' ? installService : removeService
  return keep(ports, present({ kind, overwrites, dryRun }))
}

export const serviceCommand = define<'service', TypedService | TimerRequest, ServiceResult>({
  details: [
    "The service runs 'hugepool apply --boot' before file systems are mounted and before anything",
    'needs pages. INIT is what starts the machine: systemd, openrc, sysvinit or runit; it is found',
    'where it is not given. For a UNIT, print writes a drop-in that orders it after the service.',
    'To stop or to remove the service takes no page away. With metrics, a timer of systemd that',
    'writes metrics for node_exporter every 15 seconds is installed or removed.',
  ],
  operands: {
    usage: '[install|remove|status|print [INIT|UNIT]] | metrics install|remove',
    least: 0,
    most: 2,
    completes: 'service',
  },
  options: [
    overwriteOption,
    requiresOption,
    textfileOption,
    timerHoldersOption,
    serviceDryRunOption,
  ],
  columns: serviceColumns,
  examples: [
    { line: 'hugepool service install', meaning: 'from the next start on' },
    { line: 'hugepool service install --dry-run', meaning: 'what would be written?' },
    { line: 'hugepool service', meaning: 'is it there, and how did it end?' },
    { line: 'hugepool service print openrc', meaning: 'the script, to look at' },
    { line: 'hugepool service metrics install', meaning: 'metrics for node_exporter' },
    {
      line: 'hugepool service print libvirtd --requires',
      meaning: 'no libvirtd where pages are short',
    },
  ],
  resolve,
  run,
  view,
})
