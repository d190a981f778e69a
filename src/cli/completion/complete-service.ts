import { knownConsumers } from '../../model/config/service/consumer-drop-in.ts'
import { serviceKinds } from '../../model/config/service/service-kind.ts'
import { serviceActions } from '../commands/service.ts'
import { metricsWord, timerActions } from '../typed-timer.ts'
import { begun, type Completer } from './candidates.ts'

/**
 * Offers what is done with the service, then the inits, and after `print` also programs that need
 * pages.
 */
export const serviceOperands: Completer = (typed, { operands: [action] }) => {
  const behind =
    action === metricsWord
      ? timerActions
      : [...serviceKinds, ...(action === 'print' ? knownConsumers : [])]
  const words = action === undefined ? [...serviceActions, metricsWord] : behind
  return begun(
    typed,
    words.map((text) => ({ text })),
  )
}
