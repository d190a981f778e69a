import type { Need } from '../live/support/needs.ts'
import { notOk, skippedFor } from './report.ts'

/** What is known of a guest when its emulator has ended. */
export interface Ended {
  /** What came by the second serial line. */
  readonly results: string
  /** Of timeout(1), which passes on that of the emulator; null where a signal ended it. */
  readonly status: number | null
  /** Seconds it had. */
  readonly limit: number
  /** What its machine is there to give. */
  readonly gives?: readonly Need[]
}

/** What init writes to the second serial line: one at the end, or the other instead of any test. */
const finished = /^# finished: (\d+)\r?$/m
const unprepared = /^# not prepared: (\d+)\r?$/m

const result = /^(?:not )?ok\b/m
/** At the top: what fails further down, the test around it tells. */
const failure = new RegExp(`^${notOk}`, 'im')

/** Why a guest failed that cannot say so itself; nothing where it can. */
export const complaint = ({ results, status, limit, gives = [] }: Ended): string | undefined => {
  if (status === 124) return `hangs: has not ended after ${limit} seconds`
  const preparation = unprepared.exec(results)
  if (preparation !== null) return `could not be prepared: its script ended with ${preparation[1]}`
  const end = finished.exec(results)
  if (end === null) return `ended without its results (emulator: ${status})`
  if (status !== 0) return `ended, but its emulator with ${status}`
  if (!result.test(results)) return 'lost its results: there is not one'
  const lacking = gives.filter((need) => skippedFor(results, need).length > 0)
  if (lacking.length > 0)
    return `is not the machine that is meant: it does not give ${lacking.join(', nor ')}`
  return end[1] === '0' || failure.test(results) ? undefined : `its tests ended with ${end[1]}`
}
