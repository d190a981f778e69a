import type { StopSignal } from '../../../errors.ts'
import { readPools } from '../../../kernel/pools/pools.ts'
import { removeSegments } from '../../../kernel/processes/files/remove-segments.ts'
import type { CleanRequest } from '../../../model/processes/files/clean-choice.ts'
import { type ReturnedToPools, returnedSum } from '../../../model/processes/files/returned-words.ts'
import {
  type ChosenSegment,
  isSegmentNamedBy,
  reasonToKeepSegment,
  type SegmentRemoval,
} from '../../../model/processes/files/segment-choice.ts'
import { present } from '../../../model/words/present.ts'
import type { Ports } from '../../ports.ts'
import { withLock } from '../../with-lock.ts'
import { listSegments, type SegmentsRequest, type SegmentsResult } from './list-segments.ts'

export interface SegmentsPlan extends SegmentsResult {
  readonly chosen: readonly ChosenSegment[]
  /** The words of --keep that name none of the segments. */
  readonly idle: readonly string[]
}

export interface SegmentsCleaned extends SegmentsPlan {
  readonly removals: readonly SegmentRemoval[]
  readonly returned: ReturnedToPools
  readonly signal?: StopSignal
}

/** Decides which segments are to be removed. */
export const planSegments = (
  ports: Ports,
  request: SegmentsRequest & CleanRequest,
): SegmentsPlan => {
  const listed = listSegments(ports, request)
  const now = ports.now()
  const chosen = listed.segments.map(
    (segment): ChosenSegment =>
      present({ segment, kept: reasonToKeepSegment(segment, request, now) }),
  )
  const idle = request.keep.filter(
    (word) => !listed.segments.some((segment) => isSegmentNamedBy(segment, word)),
  )
  return { ...listed, chosen, idle }
}

/** Returns the segments that a plan removes. */
export const removableSegments = ({ chosen }: SegmentsPlan) =>
  chosen.filter(({ kept }) => kept === undefined).map(({ segment }) => segment)

/** Removes the segments of a plan, and reads from the pools how many pages came back. */
export const carryOutSegments = (ports: Ports, plan: SegmentsPlan): Promise<SegmentsCleaned> =>
  withLock(ports, true, async () => {
    const { tree } = ports
    const signals = ports.watchSignals()
    const before = readPools(tree, false).pools
    const isStopped = () => signals.pending() !== undefined
    const did = (subject: string, words: string) => ports.did?.(subject, words)
    const calls = { native: ports.native(), tree, isStopped, did }
    const removals = removeSegments(calls, removableSegments(plan))
    const returned = returnedSum(before, readPools(tree, false).pools)
    return present({ ...plan, removals, returned, signal: signals.pending() })
  })
