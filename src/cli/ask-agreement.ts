import { usage } from '../errors.ts'
import { visibleLines } from '../model/etc/octal-escapes.ts'
import type { Ports } from '../operations/ports.ts'

/** A removal that needs agreement: whether --yes gives it, how many things go, and the question. */
export interface Agreement {
  readonly yes: boolean
  readonly count: number
  readonly question: () => string
}

/** Asks before something is removed. Throws E_USAGE where nobody can be asked. */
export const isAgreed = ({ ask }: Ports, { yes, count, question }: Agreement): boolean => {
  const answer = yes || count === 0 || ask?.(visibleLines(question()))
  if (answer === undefined)
    throw usage('--clean asks before it removes anything, and here is no terminal', 'give --yes')
  return answer
}
