import { usage } from '../../errors.ts'

export const durationForms = 'a duration is written as 500ms, 30s, 5m or 2h'

const millisecondsIn = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

const durationPattern = /^(0|[1-9][0-9]{0,8})(ms|s|m|h)$/

/** Reads a duration and returns milliseconds. Throws E_USAGE for anything else. */
export const parseDuration = (text: string): number => {
  const [, digits, unit] = durationPattern.exec(text) ?? []
  if (/^[1-9][0-9]{9,}(ms|s|m|h)$/.test(text))
    throw usage(`'${text}' is too long`, 'a duration has at most nine digits')
  if (digits === undefined) throw usage(`'${text}' is not a duration`, durationForms)
  return Number(digits) * millisecondsIn[unit as keyof typeof millisecondsIn]
}

/** Writes milliseconds in the largest unit that divides them: `90s`, `2m`. */
export const formatDuration = (milliseconds: number): string => {
  const [unit, length] =
    Object.entries(millisecondsIn).findLast(([, each]) => milliseconds % each === 0) ?? []
  return milliseconds === 0 ? '0s' : `${milliseconds / (length ?? 1)}${unit ?? 'ms'}`
}
