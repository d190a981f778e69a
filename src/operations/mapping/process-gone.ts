import { ProcessGone } from '../../kernel/mapping/sharing/share-conversation.ts'
import type { MappingFailure } from '../../model/mapping/mapping-result.ts'
import { threadLimits } from './call-errors.ts'
import type { RunningTest } from './running-test.ts'

/** One of the processes of a plan, counted from 0, and its share of the pages. */
export interface Sharer {
  readonly process: number
  readonly pid?: number
  readonly from?: number
  readonly to?: number
  /** Set during the hold, in which every process keeps its pages. */
  readonly held?: true
}

const hasNothing = ({ to, held }: Sharer): boolean => to === undefined && !held

const shareWords = (sharer: Sharer): string => {
  if (hasNothing(sharer)) return 'before it had mapped anything'
  const { from = 0, to = 0, held } = sharer
  return held ? 'while it held its pages' : `while its share was pages ${from} to ${to - 1}`
}

/**
 * Gives the hint for a process that ended. A silent one may have been unable to start a thread, or
 * somebody stopped it.
 */
const hintFor = ({ wasSilent }: ProcessGone): string =>
  wasSilent ? `unless somebody had stopped it: ${threadLimits}` : threadLimits

/**
 * Turns the end of another process into a failure. Returns undefined where a signal asked this
 * process to stop, because the others may have been ended then. Throws any error but ProcessGone.
 */
export const goneFailure = (
  { plan, signals }: Pick<RunningTest, 'plan' | 'signals'>,
  error: unknown,
  sharer: Sharer,
): MappingFailure | undefined => {
  if (!(error instanceof ProcessGone)) throw error
  if (signals.pending() !== undefined) return undefined
  const { process, pid } = sharer
  const who = `process ${process + 1} of ${plan.processes}${pid === undefined ? '' : ` (${pid})`}`
  return {
    mapped: true,
    errno: error.code,
    reason: 'lost',
    why: `${who} was ${error.how} ${shareWords(sharer)}`,
    // Node ends with SIGABRT when it cannot start its threads, so the limits are named.
    advice: hasNothing(sharer) ? [hintFor(error)] : [],
  }
}
