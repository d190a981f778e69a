import { usage } from '../errors.ts'
import type { Ports } from '../operations/ports.ts'

/** What is to be removed, how many of it, and the question that is asked before. */
export interface Agreement {
  readonly yes: boolean
  readonly count: number
  readonly question: () => string
}

/** Asks before something is removed. Throws E_USAGE where nobody can be asked. */
export const isAgreed = ({ ask }: Ports, { yes, count, question }: Agreement): boolean => {
  const answer = yes || count === 0 || ask?.(question())
  if (answer === undefined)
    throw usage('--clean asks before it removes anything, and here is no terminal', 'give --yes')
  return answer
}
