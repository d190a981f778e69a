import { HugepoolError } from '../errors.ts'
import { stoppedWords } from '../model/words/stopped.ts'
import type { SignalWatch } from './ports.ts'

/**
 * Throws E_KERNEL where a signal asked to stop a wait before anything was done. `waiting` says what
 * the wait was for, as in `to run 'grub-mkconfig'`.
 */
export const heedStop = ({ pending }: SignalWatch, waiting: string, hint?: string): void => {
  const signal = pending()
  if (signal === undefined) return
  const [stopped] = stoppedWords(signal)
  throw new HugepoolError(
    'E_KERNEL',
    'stopped',
    `${stopped} while waiting ${waiting}`,
    hint,
    signal,
  )
}
