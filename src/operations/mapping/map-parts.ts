import { HugepoolError } from '../../errors.ts'
import { callOf, errnoOf } from '../../kernel/errno.ts'
import type { Mapping } from '../../kernel/native/native-mapping.ts'
import { readSegmentRights, readSpaceLimited } from '../../kernel/processes/proc-self.ts'
import type { MappingPart } from '../../model/mapping/mapping-plan.ts'
import type { MappingFailure } from '../../model/mapping/mapping-result.ts'
import { refusalReason, spaceReason } from '../../model/mapping/reasons/refusal-reason.ts'
import { segmentReason } from '../../model/mapping/reasons/segment-reason.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { explainCall } from './call-errors.ts'
import { gatherFaultFacts } from './gather-fault-facts.ts'
import { endedBySignal, heedingSignals } from './heed-signals.ts'
import type { MappingSource } from './mapping-source.ts'
import type { MappedPart, RunningTest } from './running-test.ts'
import { threadPolicy } from './thread-policy.ts'
import { stuckSeconds } from './touch/touch-state.ts'
import { watchTouch } from './touch/watch-touch.ts'

/**
 * MAP_POPULATE keeps everything else of this process that maps memory waiting, Node's own thread
 * too, until the last page is there. So its pages are asked for by MADV_POPULATE_WRITE, which has the
 * kernel do the same (populate_vma_page_range in mm/gup.c) and can be stopped.
 */
const populatesAfterwards = ({ mapper, plan }: RunningTest, { kind }: MappingSource): boolean =>
  plan.populate && kind !== 'device' && mapper.canPopulate()

/** As MAP_POPULATE does: up to the first page that cannot be had, and not a word of it. */
const populatePart = async (test: RunningTest, mapped: MappedPart): Promise<void> => {
  const { part, mapping } = mapped
  const request = present({
    from: 0,
    to: Number(part.pages),
    threads: 1,
    policy: part.policy && threadPolicy(part.policy),
    way: 'populate' as const,
    stuckSeconds,
  })
  const aim = { did: 'populated', before: 0n, wanted: part.pages }
  const { pages } = await watchTouch(test, mapping, request, aim)
  mapped.populated = BigInt(pages)
}

const mapOne = (
  { mapper, plan }: RunningTest,
  part: MappingPart,
  source: MappingSource,
  populatedByCall: boolean,
): Promise<Mapping> => {
  const { noreserve, sharing } = plan
  const request = present({
    bytes: Number(part.pages * plan.size),
    pageSize: Number(plan.size),
    noreserve,
    policy: part.policy && threadPolicy(part.policy),
  })
  if (source.kind === 'segment') return mapper.attachSegment(request)
  const { descriptor } = source
  return mapper.map(
    present({
      ...request,
      descriptor,
      shared: sharing === 'shared',
      populate: populatedByCall,
    }),
  )
}

const mapMeanings = (size: bigint, place = 'this device') =>
  ({
    EINVAL: {
      code: 'E_UNSUPPORTED',
      words: `the kernel maps no ${formatSize(size)} pages here (EINVAL)`,
    },
    ENODEV: { code: 'E_UNSUPPORTED', words: `${place} cannot be mapped (ENODEV)` },
  }) as const

/** Refusals for want of pages are what a test is for; all else ends it. */
const mapFailure = (
  test: RunningTest,
  error: unknown,
  part: MappingPart,
  source: MappingSource,
): MappingFailure => {
  const { plan, ports } = test
  const errno = errnoOf(error)
  if (errno === undefined || error instanceof HugepoolError) throw error
  const call = callOf(error) ?? (source.kind === 'segment' ? 'shmget' : 'mmap')
  const isOurs = call === 'mmap' || call === 'shmget'
  if (errno === 'ENOMEM' && isOurs) {
    const refused = { part, source, wanted: part.pages }
    return { errno, ...refusalReason(gatherFaultFacts(test, refused)) }
  }
  const bytes = part.pages * plan.size
  if (errno === 'ENOMEM' && call === 'shmat')
    return { errno, ...spaceReason(bytes, readSpaceLimited(ports.tree)) }
  const reason =
    call === 'shmget' ? segmentReason(errno, bytes, readSegmentRights(ports.tree)) : undefined
  if (reason === undefined)
    throw explainCall(error, call, isOurs ? mapMeanings(plan.size, source.place) : {})
  const code = errno === 'EPERM' ? 'E_PERMISSION' : 'E_KERNEL'
  throw new HugepoolError(
    code,
    `${call}: ${reason.why} (${errno})`,
    reason.advice.join('\n') || undefined,
  )
}

/**
 * Makes the mappings of a plan, each under its policy, so that its reservation is checked against
 * the right nodes. What was mapped is added to `areas` as it comes, for whoever has to release it.
 */
export const mapParts = async (
  test: RunningTest,
  sources: readonly MappingSource[],
  mappedParts: MappedPart[],
): Promise<MappingFailure | undefined> => {
  let first = 0n
  for (const [index, part] of test.plan.parts.entries()) {
    const source = sources[index] as MappingSource
    const afterwards = populatesAfterwards(test, source)
    try {
      const work = mapOne(test, part, source, test.plan.populate && !afterwards)
      const mapping = await heedingSignals(test, work, endedBySignal(test))
      const mapped: MappedPart = { part, source, mapping, first }
      mappedParts.push(mapped)
      if (afterwards) await populatePart(test, mapped)
      if (test.signals.pending() !== undefined) return undefined
    } catch (error) {
      return mapFailure(test, error, part, source)
    }
    first += part.pages
  }
  return undefined
}
