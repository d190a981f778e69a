import { usage } from '../../errors.ts'
import { decimalPattern } from '../words/bytes.ts'
import { formatDuration, parseDuration } from '../words/duration.ts'
import { intervals } from './watch-state.ts'

/** Reads a time of a watch, in milliseconds. A number alone is one of seconds. Throws E_USAGE. */
export const parseWatchTime = (text: string): number => {
  if (!decimalPattern.test(text)) return parseDuration(text)
  if (text.length > 9) throw usage(`'${text}' is too long`, 'a duration has at most nine digits')
  return parseDuration(`${text}s`)
}

const [shortest] = intervals
const longest = intervals[intervals.length - 1] as number

/** Reads the time between two looks, in milliseconds. Throws E_USAGE where it is too short or too long. */
export const parseInterval = (text: string): number => {
  const interval = parseWatchTime(text)
  if (interval >= shortest && interval <= longest) return interval
  throw usage(
    `'${text}' is no interval`,
    `it is at least ${formatDuration(shortest)} and at most ${formatDuration(longest)}`,
  )
}

/** Reads how many looks there are to be, at least one. Throws E_USAGE. */
export const parseLooks = (text: string): number => {
  if (decimalPattern.test(text) && text !== '0' && text.length <= 9) return Number(text)
  throw usage(`'${text}' is not a number of looks`, 'it is a number from 1 to 999999999')
}
