import { forkWords } from '../../model/mapping/fork-words.ts'
import { handedOut, movementOf } from '../../model/mapping/mapping-reading.ts'
import type { ForkedPages, MappingFailure } from '../../model/mapping/mapping-result.ts'
import { faultReason } from '../../model/mapping/reasons/fault-reason.ts'
import { stuckSeconds } from '../../model/mapping/touch-steps.ts'
import { fewer, type Pages } from '../../model/words/count.ts'
import { present } from '../../model/words/present.ts'
import { gatherFaultFacts } from './gather-fault-facts.ts'
import { heedingSignals } from './heed-signals.ts'
import { withHolders } from './holders-advice.ts'
import type { MappedPart, RunningTest } from './running-test.ts'
import { threadPolicy } from './thread-policy.ts'
import { asMet } from './touch/touch-parts.ts'

/** What a child wrote, and the first page that it could not write. */
export interface ForkedSeen {
  readonly forked?: ForkedPages
  readonly failure?: MappingFailure
}

const lost: Omit<MappingFailure, 'page' | 'errno'> = {
  byChild: true,
  reason: 'lost',
  why: 'the child was killed before it had written all pages',
  advice: [],
}

/**
 * Explains why a child could not write. The pages that it wants are copies, for which nothing is
 * reserved, whatever is reserved for the mapping.
 */
const forkFailure = async (
  test: RunningTest,
  { part, source, first }: MappedPart,
  { page, errno }: { readonly page: number; readonly errno: string },
  wanted: Pages,
): Promise<MappingFailure> => {
  const whole = first + BigInt(page)
  if (errno === 'ESRCH') return { ...lost, page: whole, errno }
  const plan = { ...test.plan, noreserve: true }
  const refused = { part, source, wanted, page: BigInt(page) }
  const facts = { ...gatherFaultFacts({ ...test, plan }, refused), isCopy: true as const }
  const met = asMet(errno)
  const reason = faultReason(met, facts)
  const { why, ...full } =
    met === 'SIGBUS'
      ? await test.actor.asCaller(() => withHolders(test.ports, facts, true, reason))
      : reason
  return {
    byChild: true,
    page: whole,
    errno: met,
    ...full,
    why: `copy on write needs a page that nobody reserved: ${why}`,
  }
}

/**
 * Forks a child that writes to every page that was touched, and reads the counters while it still
 * has what it was given. Each mapping has a child of its own.
 */
export const writeInChild = async (
  test: RunningTest,
  mappedParts: readonly MappedPart[],
  touched: Pages,
): Promise<ForkedSeen> => {
  const { log, plan, signals } = test
  const started = log.look()
  let written = 0n
  let failure: MappingFailure | undefined
  try {
    for (const mapped of mappedParts) {
      const { mapping, part, first } = mapped
      const pages = fewer(touched - first, part.pages)
      if (pages <= 0n || failure !== undefined || signals.pending() !== undefined) break
      const request = present({
        from: 0,
        to: Number(pages),
        threads: 1,
        policy: part.policy && threadPolicy(part.policy),
        way: 'store' as const,
        stuckSeconds,
      })
      const wrote = await heedingSignals(test, mapping.fork(request), () => mapping.stop())
      written += BigInt(wrote.pages)
      if (wrote.failure) failure = await forkFailure(test, mapped, wrote.failure, touched - written)
    }
    if (written === 0n && failure === undefined) return {}
    const copied = handedOut(movementOf(started, log.look()))
    const forked = { written, copied: copied > 0n ? fewer(copied, written) : 0n }
    log.add('fork', () => forkWords(forked, plan.sharing, failure))
    return present({ forked, failure })
  } finally {
    for (const { mapping } of mappedParts) mapping.endFork()
  }
}
