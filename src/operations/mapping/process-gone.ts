import { ProcessGone } from '../../kernel/mapping/sharing/share-conversation.ts'
import type { MappingFailure } from '../../model/mapping/mapping-result.ts'
import { threadLimits } from './call-errors.ts'
import type { RunningTest } from './running-test.ts'

/** One of the processes of a plan, from 0 on, and its share of the pages. */
export interface Sharer {
  readonly process: number
  readonly pid?: number
  readonly from?: number
  readonly to?: number
  /** While what all have touched is held. */
  readonly held?: true
}

const hasNothing = ({ to, held }: Sharer): boolean => to === undefined && !held

const shareWords = (sharer: Sharer): string => {
  if (hasNothing(sharer)) return 'before it had mapped anything'
  const { from = 0, to = 0, held } = sharer
  return held ? 'while it held its pages' : `while its share was pages ${from} to ${to - 1}`
}

/** A process without threads may hang, and so does one that somebody has stopped. */
const hintFor = ({ wasSilent }: ProcessGone): string =>
  wasSilent ? `unless somebody had stopped it: ${threadLimits}` : threadLimits

/**
 * The end of a process as a result; undefined where a signal asked this one to stop, for then the
 * others may have been ended. Any other error is thrown.
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
    why: `${who} was ${error.how} ${shareWords(sharer)}`,
    // Node itself is ended by SIGABRT where it can start no thread.
    advice: hasNothing(sharer) ? [hintFor(error)] : [],
  }
}
