import { usage } from '../../errors.ts'
import {
  consumerPath,
  consumerText,
  unitsOfConsumer,
} from '../../model/config/service/consumer-drop-in.ts'
import {
  type ServiceKind,
  serviceKinds,
  servicePlaces,
} from '../../model/config/service/service-kind.ts'
import {
  isServing,
  type ServiceState,
  serviceWords,
} from '../../model/config/service/service-state.ts'
import { present } from '../../model/words/present.ts'
import type { ServiceChange } from '../../operations/config/keep-service.ts'
import { serviceDocument } from '../../output/config/service-document.ts'
import { serviceColumns } from '../../output/config/service-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import { overwriteOption, requiresOption, serviceDryRunOption } from '../options/service-option.ts'
import { commandsView } from '../views/change-view.ts'

export const serviceActions = ['install', 'remove', 'status', 'print'] as const
type ServiceAction = (typeof serviceActions)[number]

interface TypedService {
  readonly action: ServiceAction
  readonly kind?: ServiceKind
  /** The units of a consumer, of which `print` writes the drop-in. */
  readonly units?: readonly string[]
  readonly requires: boolean
  readonly force: boolean
  readonly dryRun: boolean
}

interface PrintedService {
  readonly kind: 'printed'
  readonly init?: ServiceKind
  readonly paths: readonly string[]
  readonly text: string
  readonly words: readonly string[]
}

type ServiceResult =
  | ServiceChange
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
const checkOptions = ({ action, units, requires, force, dryRun }: TypedService): void => {
  if (requires && units === undefined)
    throw usage(`--${requiresOption.name} is for 'print' and a consumer`)
  if (force && action !== 'install') throw usage(`--${overwriteOption.name} is for 'install'`)
  if (dryRun && action !== 'install' && action !== 'remove')
    throw usage(`--${serviceDryRunOption.name} is for 'install' and 'remove'`)
}

const resolve = ({ operands: [first = 'status', second], switches }: Words): TypedService => {
  const action = actionOf(first)
  const kind = kindOf(second)
  const isConsumer = action === 'print' && second !== undefined && kind === undefined
  if (second !== undefined && kind === undefined && !isConsumer)
    throw usage(`'${second}' is no init that is known`, `it is one of ${serviceKinds.join(', ')}`)
  const units = isConsumer ? unitsOfConsumer(second) : undefined
  if (isConsumer && units === undefined) throw usage(`'${second}' is not the name of a unit`)
  const typed = present({
    action,
    kind,
    units,
    requires: switches.has(requiresOption.name),
    force: switches.has(overwriteOption.name),
    dryRun: switches.has(serviceDryRunOption.name),
  })
  checkOptions(typed)
  return typed
}

const stateView = (
  action: Exclude<ServiceAction, 'print'>,
  state: ServiceState,
  outcome?: 'done' | 'unchanged',
): View<Document<'service'>> => ({
  rows: (names, style) => textRows({ columns: serviceColumns, rows: [state] }, names, style),
  document: () => ({ action, outcome, service: serviceDocument(state) }),
  words: serviceWords(state),
  hints: [],
  partial: false,
})

const printedView = ({ init, paths, text, words }: PrintedService): View<Document<'service'>> => ({
  lines: [text.replace(/\n$/, '')],
  document: () => ({ action: 'print', init, paths, text }),
  notes: words,
  words: [],
  hints: [],
  partial: false,
})

const view = (result: ServiceResult, { action }: TypedService): View<Document<'service'>> => {
  if (result.kind === 'printed') return printedView(result)
  if (result.kind === 'status')
    return { ...stateView('status', result.state), isNo: !isServing(result.state) }
  const { words, hints, lines, outcome, state } = result
  if (result.kind === 'dry-run') return { ...commandsView(lines), notes: words }
  const shown = stateView(action === 'remove' ? 'remove' : 'install', state, outcome)
  return { ...shown, words: [...words, ...shown.words], hints }
}

const printed = async (
  { kind, units, requires }: TypedService,
  print: typeof import('../../operations/config/keep-service.ts').printService,
  ports: Parameters<typeof print>[0],
): Promise<PrintedService> => {
  if (units !== undefined)
    return {
      kind: 'printed',
      paths: units.map(consumerPath),
      text: consumerText({ units, requires }),
      words: [],
    }
  const { kind: init, text, words } = print(ports, kind)
  return { kind: 'printed', init, paths: [servicePlaces[init].path], text, words }
}

export const serviceCommand = define<'service', TypedService, ServiceResult>({
  name: 'service',
  aliases: [],
  summary: 'apply the configuration at every start of the machine',
  details: [
    "The service runs 'hugepool apply --boot' before file systems are mounted and before anything",
    'needs pages. INIT is what starts the machine: systemd, openrc, sysvinit or runit; it is found',
    'where it is not given. For a UNIT, print writes a drop-in that orders it after the service.',
    'To stop or to remove the service takes no page away.',
  ],
  operands: {
    usage: '[install|remove|status|print [INIT|UNIT]]',
    least: 0,
    most: 2,
    completes: 'service',
  },
  options: [overwriteOption, requiresOption, serviceDryRunOption],
  columns: serviceColumns,
  examples: [
    { line: 'hugepool service install', meaning: 'from the next start on' },
    { line: 'hugepool service install --dry-run', meaning: 'what would be written?' },
    { line: 'hugepool service', meaning: 'is it there, and how did it end?' },
    { line: 'hugepool service print openrc', meaning: 'the script, to look at' },
    {
      line: 'hugepool service print libvirtd --requires',
      meaning: 'no libvirtd where pages are short',
    },
  ],
  resolve,
  run: async (request, ports) => {
    const { installService, printService, removeService, serviceStatus } = await import(
      '../../operations/config/keep-service.ts'
    )
    const { action, kind, force, dryRun } = request
    if (action === 'print') return printed(request, printService, ports)
    if (action === 'install') return installService(ports, present({ kind, force, dryRun }))
    if (action === 'remove') return removeService(ports, present({ kind, force, dryRun }))
    return { kind: 'status', state: await serviceStatus(ports, kind) }
  },
  view,
})
