import { HugepoolError } from '../errors.ts'
import { callOf, errnoOf } from '../kernel/errno.ts'
import type { Mapping } from '../kernel/mapping.ts'
import { readSegmentRights } from '../kernel/self.ts'
import type { MappingPart } from '../model/mapping-plan.ts'
import type { MappingFailure } from '../model/mapping-result.ts'
import { formatSize } from '../model/page-size.ts'
import { refusalReason } from '../model/refusal-reason.ts'
import { segmentReason } from '../model/segment-rights.ts'
import { explainCall } from './call-errors.ts'
import { lookAround } from './circumstances.ts'
import { endedBySignal, heedingSignals } from './heed-signals.ts'
import type { Source } from './mapping-source.ts'
import type { Area, MappingTest } from './mapping-test.ts'
import { threadPolicy } from './thread-policy.ts'

const mapOne = (
  { mapper, plan }: MappingTest,
  part: MappingPart,
  source: Source,
): Promise<Mapping> => {
  const { noreserve, populate, sharing } = plan
  const request = {
    bytes: Number(part.pages * plan.size),
    pageSize: Number(plan.size),
    noreserve,
    ...(part.policy && { policy: threadPolicy(part.policy) }),
  }
  if (source.kind === 'segment') return mapper.attachSegment(request)
  const { descriptor } = source
  return mapper.map({
    ...request,
    ...(descriptor !== undefined && { descriptor }),
    shared: sharing === 'shared',
    populate,
  })
}

const strange = (size: bigint) =>
  ({
    EINVAL: {
      code: 'E_UNSUPPORTED',
      words: `the kernel maps no ${formatSize(size)} pages here (EINVAL)`,
    },
    ENODEV: { code: 'E_UNSUPPORTED', words: 'this device cannot be mapped (ENODEV)' },
  }) as const

/** Refusals for want of pages are what a test is for; all else ends it. */
const failureOf = (
  test: MappingTest,
  error: unknown,
  part: MappingPart,
  source: Source,
): MappingFailure => {
  const { plan, ports } = test
  const errno = errnoOf(error)
  if (errno === undefined || error instanceof HugepoolError) throw error
  const call = callOf(error) ?? (source.kind === 'segment' ? 'shmget' : 'mmap')
  const isOurs = call === 'mmap' || call === 'shmget'
  if (errno === 'ENOMEM' && isOurs) {
    const asked = { part, source, wanted: part.pages }
    return { errno, ...refusalReason(lookAround(test, asked)) }
  }
  const bytes = part.pages * plan.size
  const reason =
    call === 'shmget' ? segmentReason(errno, bytes, readSegmentRights(ports.tree)) : undefined
  if (reason === undefined) throw explainCall(error, call, isOurs ? strange(plan.size) : {})
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
  test: MappingTest,
  sources: readonly Source[],
  areas: Area[],
): Promise<MappingFailure | undefined> => {
  let first = 0n
  for (const [index, part] of test.plan.parts.entries()) {
    const source = sources[index] as Source
    try {
      const work = mapOne(test, part, source)
      const mapping = await heedingSignals(test, work, endedBySignal(test))
      areas.push({ part, source, mapping, first })
    } catch (error) {
      return failureOf(test, error, part, source)
    }
    first += part.pages
  }
  return undefined
}
