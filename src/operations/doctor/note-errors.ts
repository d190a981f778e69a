import { HugepoolError } from '../../errors.ts'
import { isShortage } from '../../kernel/errno.ts'

/** Notes what could not be looked into. */
export interface Noting {
  readonly note: (text: string) => void
  /**
   * Runs `look`. An error of it is noted, and the result is undefined; a lack of memory or descriptors
   * is thrown.
   */
  readonly attempt: <T>(look: () => T) => T | undefined
  /** What was noted, each sentence once. */
  readonly unseen: () => readonly string[]
}

export const noting = (): Noting => {
  const noted = new Set<string>()
  return {
    note: (text) => noted.add(text),
    attempt: (look) => {
      try {
        return look()
      } catch (error) {
        if (!(error instanceof HugepoolError) || isShortage(error)) throw error
        noted.add(error.message)
        return undefined
      }
    },
    unseen: () => [...noted],
  }
}
