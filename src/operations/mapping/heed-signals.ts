import { HugepoolError } from '../../errors.ts'
import type { RunningTest } from './running-test.ts'

/** How soon a signal is noticed while something is under way. */
const pollMilliseconds = 50

/**
 * Waits for work that is done elsewhere. Calls `stop` once a signal asks to stop, again and again,
 * until the work ends or `stop` throws; `look` whenever it is still under way.
 */
export const heedingSignals = async <T>(
  { ports, signals }: Pick<RunningTest, 'ports' | 'signals'>,
  work: Promise<T>,
  stop: () => void,
  look: () => void = () => {},
): Promise<T> => {
  let over = false
  const result = work.finally(() => {
    over = true
  })
  result.catch(() => {})
  while (!over) {
    await Promise.race([result, ports.pause(pollMilliseconds)])
    if (over) break
    if (signals.pending() !== undefined) stop()
    look()
  }
  return result
}

/** For work that cannot be stopped: the kernel takes everything back when this process ends. */
export const endedBySignal =
  ({ signals }: Pick<RunningTest, 'signals'>) =>
  (): never => {
    const signal = signals.pending()
    throw new HugepoolError('E_KERNEL', `stopped by ${signal} while mapping`, undefined, signal)
  }
