import { HugepoolError } from '../../errors.ts'
import { stoppedWords } from '../../model/words/stopped.ts'
import type { RunningTest } from './running-test.ts'

/** The longest time until a signal is noticed while work is under way. */
const pollMilliseconds = 50

/**
 * Waits for work that runs in another thread or process. At each poll it calls `look`. After a
 * signal that asks to stop, each poll calls `stop` too, until the work ends or `stop` throws.
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

/**
 * Makes a `stop` for work that cannot be stopped. It throws, and the kernel takes everything back
 * when this process ends.
 */
export const endedBySignal =
  ({ signals }: Pick<RunningTest, 'signals'>) =>
  (): never => {
    const signal = signals.pending()
    const message = [...stoppedWords(signal), 'while mapping'].join(' ')
    throw new HugepoolError('E_KERNEL', 'stopped', message, undefined, signal)
  }
