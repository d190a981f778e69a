import { errnoOf } from './errno.ts'

/** How often a call is tried that a signal interrupts, or that the kernel has no room for. */
const mostTries = 8

/**
 * Does what may well succeed when it is done again. Node repeats most calls by itself that a signal
 * interrupts, but not read(2), and none that find no room.
 */
export const tryAgain = <T>(
  act: () => T,
  errnos: readonly string[] = ['EINTR', 'EAGAIN'],
  tries = mostTries,
): T => {
  try {
    return act()
  } catch (error) {
    if (tries <= 1 || !errnos.includes(errnoOf(error) ?? '')) throw error
    return tryAgain(act, errnos, tries - 1)
  }
}
