import type { ServiceKind } from '../../model/config/service/service-kind.ts'
import {
  isServing,
  type ServiceState,
  serviceWords,
} from '../../model/config/service/service-state.ts'
import { unitDirectory } from '../../model/mounts/persist/systemd-unit.ts'
import type { ServiceChange } from '../../operations/config/keep-service.ts'
import type { TimerChange } from '../../operations/telemetry/keep-metrics-timer.ts'
import { serviceDocument } from '../../output/config/service-document.ts'
import { serviceColumns } from '../../output/config/service-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import { commandsView } from './change-view.ts'

/** The text of a service, or of the drop-in of a consumer, which belongs to no init. */
export interface PrintedService {
  readonly kind: 'printed'
  readonly init?: ServiceKind
  readonly paths: readonly string[]
  readonly text: string
  readonly words: readonly string[]
}

type ServiceView = View<Document<'service'>>

const stateView = (
  action: 'install' | 'remove' | 'status',
  state: ServiceState,
  outcome?: 'done' | 'unchanged',
): ServiceView => ({
  rows: (names, style) => textRows({ columns: serviceColumns, rows: [state] }, names, style),
  document: () => ({ action, outcome, service: serviceDocument(state) }),
  words: serviceWords(state),
  hints: [],
  partial: false,
})

/** Says what can be done about a service that does not run at the next start. */
const statusHints = ({ kind, installed, missing, last }: ServiceState): readonly string[] => {
  if (installed === 'absent') return ["'hugepool service install' installs it"]
  if (installed === 'masked') return ["'systemctl unmask hugepool' removes the mask"]
  if (installed === 'disabled' || missing.length > 0)
    return ["'hugepool service install' writes it anew"]
  return kind === 'systemd' && last !== undefined && last.outcome !== 'done'
    ? ["'journalctl -b -u hugepool' has what it said"]
    : []
}

/** Shows a service that was asked for. The answer is no where it will not do its work. */
export const serviceStatusView = (state: ServiceState): ServiceView => {
  const isNo = !isServing(state)
  return { ...stateView('status', state), hints: isNo ? statusHints(state) : [], isNo }
}

/** Shows what became of a service, or the command lines that do the same. */
export const serviceChangeView = (
  action: 'install' | 'remove',
  { kind, words, hints, lines, outcome, state, denied }: ServiceChange,
): ServiceView => {
  if (kind === 'dry-run') return { ...commandsView(lines, denied), notes: words }
  return {
    ...stateView(action, state, outcome),
    words: [...serviceWords(state), ...words],
    hints,
  }
}

/** A timer of a package stays where it is. */
const removalWords = (timer: string, outcome: TimerChange['outcome']): string => {
  const isPackaged = !timer.startsWith(`${unitDirectory}/`)
  if (outcome === 'done') return isPackaged ? 'disabled' : 'removed'
  return isPackaged ? 'not enabled' : 'not there'
}

/** Shows what became of the timer of metrics, or the command lines that do the same. */
export const timerChangeView = (
  action: 'install' | 'remove',
  { kind, outcome, paths, textfile, lines, words, hints, denied }: TimerChange,
): ServiceView => {
  if (kind === 'timer-dry-run') return { ...commandsView(lines, denied), notes: words }
  const [, timer] = paths
  const told =
    action === 'install' ? `${textfile} is written every 15 seconds` : removalWords(timer, outcome)
  return {
    lines: [],
    document: () => ({ action: `metrics ${action}`, outcome, paths, textfile }),
    words: [`${timer}: ${told}`, ...words],
    hints,
    partial: false,
  }
}

export const printedServiceView = ({ init, paths, text, words }: PrintedService): ServiceView => ({
  lines: [text.replace(/\n$/, '')],
  document: () => ({ action: 'print', init, paths, text }),
  notes: words,
  words: [],
  hints: [],
  partial: false,
})
