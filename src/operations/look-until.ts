import type { StopSignal } from '../errors.ts'
import type { Ports } from './ports.ts'

/** A wait shorter than this is not reported. */
export const silentWaitMilliseconds = 1000

/** What a wait looks at, and how long it goes on. */
export interface LookedFor<T> {
  readonly look: () => T | Promise<T>
  readonly isDone: (found: T) => boolean
  /** The time from one look to the next, in milliseconds. */
  readonly every: number
  /**
   * The time after which no other look follows, in milliseconds; absent where nothing limits it.
   */
  readonly most?: number
  /** Says what is waited for, once. */
  readonly words: (found: T) => string
}

/**
 * Looks until it is done, the time is up or a signal comes, and returns what was found last. From
 * the first look on a signal does not end the process at once: the caller ends it, with words and a
 * document.
 */
export const lookUntil = async <T>(
  ports: Ports,
  { look, isDone, every, most = Number.POSITIVE_INFINITY, words }: LookedFor<T>,
): Promise<{ readonly found: T; readonly signal?: StopSignal }> => {
  const started = ports.clock()
  const signals = ports.watchSignals()
  let said = false
  for (;;) {
    const found = await look()
    const spent = ports.clock() - started
    if (isDone(found) || spent >= most) return { found }
    const signal = signals.pending()
    if (signal !== undefined) return { found, signal }
    if (!said && spent > silentWaitMilliseconds) {
      ports.note(words(found))
      said = true
    }
    await ports.pause(Math.min(every, most - spent))
  }
}
