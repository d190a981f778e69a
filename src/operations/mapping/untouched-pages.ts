import { joinReasons, touchObstacles } from '../../model/mapping/reasons/obstacles.ts'
import { atLeastNone, fewer } from '../../model/words/count.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { gatherFaultFacts } from './gather-fault-facts.ts'
import type { PagesSeen } from './look-at-pages.ts'
import type { MappedPart, RunningTest } from './running-test.ts'

/**
 * Says what a program would meet that touches the pages which this test only mapped. That a mapping
 * was made does not mean that its pages can be had: some limits count when a page is touched.
 */
export const warnOfUntouched = (
  test: RunningTest,
  mappedParts: readonly MappedPart[],
): Pick<PagesSeen, 'words' | 'advice'> => {
  const { plan, signals } = test
  const untouched = mappedParts
    .map((mapped) => ({
      ...mapped,
      wanted: mapped.part.pages - atLeastNone(fewer(plan.touch - mapped.first, mapped.part.pages)),
    }))
    .filter(({ wanted }) => wanted > 0n)
  const [next, ...others] = untouched
  if (next === undefined || next.source.kind === 'device' || signals.pending() !== undefined)
    return { words: [] }
  const { part, source } = next
  // Of a shared file all pages are given here: `gatherFaultFacts` subtracts those that it has
  // already.
  const isCounted = source.kind === 'path' && plan.sharing === 'shared'
  const facts = gatherFaultFacts(test, {
    part,
    source,
    wanted: isCounted ? part.pages : next.wanted,
    later: others.map(({ part: { policy }, wanted: pages }) => present({ pages, policy })),
  })
  const { mount, limits, pages } = touchObstacles(facts)
  const [first, ...more] = [...mount, ...limits, ...pages]
  if (first === undefined) return { words: [] }
  const { why, advice } = joinReasons([first, ...more])
  const size = formatSize(plan.size)
  return { words: [`${size}: a program that touches all of it dies of SIGBUS: ${why}`], advice }
}
