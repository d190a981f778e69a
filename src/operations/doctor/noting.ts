import { HugepoolError } from '../../errors.ts'
import { isShortage } from '../../kernel/errno.ts'

/** Notes what could not be looked into. */
export interface Noting {
  readonly note: (text: string) => void
  /** Runs `look`; an error of it is noted, and it is undefined then. Shortages are thrown. */
  readonly attempt: <T>(look: () => T) => T | undefined
  /** All that was noted, each once. */
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
