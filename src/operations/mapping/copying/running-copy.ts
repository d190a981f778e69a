import { HugepoolError } from '../../../errors.ts'
import type { CopySource } from '../../../kernel/mapping/copying/copy-source.ts'
import type { CopyTarget } from '../../../kernel/mapping/copying/copy-target.ts'
import type { Mapper } from '../../../kernel/mapping/mapper.ts'
import type { Native } from '../../../kernel/native/native.ts'
import type { CopyPlan } from '../../../model/mapping/copying/copy-plan.ts'
import type { CopyRequest } from '../../../model/mapping/copying/copy-request.ts'
import { stoppedWords } from '../../../model/words/stopped.ts'
import type { Ports, SignalWatch } from '../../ports.ts'
import { heedingSignals } from '../heed-signals.ts'

/** What the functions of a running copy share. */
export interface RunningCopy {
  readonly ports: Ports
  readonly native: Native
  readonly mapper: Mapper
  readonly signals: SignalWatch
  readonly request: CopyRequest
  readonly plan: CopyPlan
  readonly source: CopySource
  /** Absent for standard output. */
  readonly target?: CopyTarget
}

/**
 * Throws E_KERNEL where a signal asks to stop. What was copied so far has no name and goes with
 * this process.
 */
export const stopAtSignal = ({ signals, target }: RunningCopy): void => {
  const signal = signals.pending()
  if (signal === undefined) return
  const end = target === undefined ? '' : '; nothing was left behind'
  const message = `${stoppedWords(signal).join('')} while copying${end}`
  throw new HugepoolError('E_KERNEL', 'stopped', message, undefined, signal)
}

/** Waits for work that nobody can stop. A signal ends the copy without it. */
export const unlessStopped = async <T>(
  copy: RunningCopy,
  work: Promise<T>,
  stop = () => stopAtSignal(copy),
): Promise<T> => {
  const result = await heedingSignals(copy, work, stop)
  stopAtSignal(copy)
  return result
}
