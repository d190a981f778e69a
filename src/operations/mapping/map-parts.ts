import { HugepoolError } from '../../errors.ts'
import { callOf, errnoOf, type Meaning } from '../../kernel/errno.ts'
import type { ForkingMapping } from '../../kernel/native/native-mapping.ts'
import { readSegmentRights, readSpaceLimited } from '../../kernel/processes/proc-self.ts'
import { readProcessSpace } from '../../kernel/processes/process-space.ts'
import { hintText } from '../../model/etc/hint-text.ts'
import { type MappingPart, pagesAfter } from '../../model/mapping/mapping-plan.ts'
import type { MappingFailure } from '../../model/mapping/mapping-result.ts'
import { refusalReason, spaceReason } from '../../model/mapping/reasons/refusal-reason.ts'
import { segmentReason } from '../../model/mapping/reasons/segment-reason.ts'
import { stuckSeconds } from '../../model/mapping/touch-steps.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { plural } from '../../model/words/plural.ts'
import { present } from '../../model/words/present.ts'
import { explainCall } from './call-errors.ts'
import { gatherFaultFacts } from './gather-fault-facts.ts'
import { endedBySignal, heedingSignals } from './heed-signals.ts'
import { withHolders } from './holders-advice.ts'
import type { MappingSource } from './mapping-source.ts'
import type { MappedPart, RunningTest } from './running-test.ts'
import { threadPolicy } from './thread-policy.ts'
import { watchTouch } from './touch/watch-touch.ts'

/**
 * Whether pages are populated by MADV_POPULATE_WRITE after mmap. MAP_POPULATE blocks all other
 * threads of this process that map memory, Node's main thread included, until the last page is
 * there. MADV_POPULATE_WRITE makes the kernel do the same (populate_vma_page_range in mm/gup.c) and
 * can be stopped.
 */
const populatesAfterwards = ({ mapper, plan }: RunningTest, { kind }: MappingSource): boolean =>
  plan.populate && kind !== 'device' && mapper.canPopulate()

/** Populates up to the first page that cannot be had. Like MAP_POPULATE, it reports no failure. */
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
): Promise<ForkingMapping> => {
  const { noreserve, sharing, fork } = plan
  const request = present({
    bytes: Number(part.pages * plan.size),
    pageSize: Number(plan.size),
    noreserve,
    forks: fork,
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

const mapMeanings = (
  { plan }: RunningTest,
  { kind, path = 'this device' }: MappingSource,
  errno: string,
): Readonly<Record<string, Meaning>> => {
  const size = formatSize(plan.size)
  const driverRefuses: Meaning = {
    code: 'E_UNSUPPORTED',
    reason: 'wrong-file',
    words: `the driver of ${path} refuses to map ${plural(plan.pages, 'page')} of ${size} (${errno})`,
    hint: 'the memory of the device may be shorter, or have pages of another size',
  }
  const noPages: Meaning = {
    code: 'E_UNSUPPORTED',
    reason: 'no-feature',
    words: `the kernel maps no ${size} pages here (EINVAL)`,
  }
  return {
    EINVAL: kind === 'device' ? driverRefuses : noPages,
    ...(kind === 'device' && { ENXIO: driverRefuses }),
    ENODEV: {
      code: 'E_UNSUPPORTED',
      reason: 'wrong-file',
      words: `${path} cannot be mapped (ENODEV)`,
    },
  }
}

/**
 * Makes the refusal of a mapping for want of pages. It says of which node, where each has a
 * mapping.
 */
const refusedPages = async (
  test: RunningTest,
  errno: string,
  { part, source, first }: Pick<MappedPart, 'part' | 'source' | 'first'>,
): Promise<MappingFailure> => {
  const { plan } = test
  const { pages, policy } = part
  const later = pagesAfter({ ...plan, touch: plan.pages }, first + pages)
  const [node] = plan.parts.length > 1 ? (policy?.nodes ?? []) : []
  const facts = gatherFaultFacts(test, { part, source, wanted: pages, later })
  return present({
    errno,
    part: node === undefined ? undefined : { pages, node },
    ...(await test.actor.asCaller(() =>
      withHolders(test.ports, facts, false, refusalReason(facts)),
    )),
  })
}

/** Returns a refusal for want of pages as a result of the test. Throws every other error. */
const mapFailure = async (
  test: RunningTest,
  error: unknown,
  refused: Pick<MappedPart, 'part' | 'source' | 'first'>,
): Promise<MappingFailure> => {
  const { plan, ports } = test
  const { part, source } = refused
  const errno = errnoOf(error)
  if (errno === undefined || error instanceof HugepoolError) throw error
  const call = callOf(error) ?? (source.kind === 'segment' ? 'shmget' : 'mmap')
  const isOurs = call === 'mmap' || call === 'shmget'
  if (errno === 'ENOMEM' && isOurs) return refusedPages(test, errno, refused)
  const bytes = part.pages * plan.size
  if (errno === 'ENOMEM' && call === 'shmat') {
    const { tree } = ports
    return { errno, ...spaceReason(bytes, readSpaceLimited(tree), readProcessSpace(tree)) }
  }
  const reason =
    call === 'shmget' ? segmentReason(errno, bytes, readSegmentRights(ports.tree)) : undefined
  if (reason === undefined)
    throw explainCall(error, call, isOurs ? mapMeanings(test, source, errno) : {})
  const code = errno === 'EPERM' ? 'E_PERMISSION' : 'E_KERNEL'
  throw new HugepoolError(
    code,
    reason.reason,
    `${call}: ${reason.why} (${errno})`,
    hintText(reason.advice),
  )
}

/**
 * Makes the mappings of a plan. Each is made under its memory policy, so that the kernel checks its
 * reservation against the right nodes. Each is added to `mappedParts` at once, so that the caller
 * can release it after a failure too.
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
      return await mapFailure(test, error, { part, source, first })
    }
    first += part.pages
  }
  return undefined
}
