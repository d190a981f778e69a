/** An amount of memory in bytes. Kernel counters have 64 bits, so no amount becomes a float. */
export type Bytes = bigint

/** Converts the digits of a number of kB, the unit of the kernel, to bytes. */
export const fromKilobytes = (digits: string): Bytes => BigInt(digits) * 1024n

/** Writes a size as the kernel prints it: `2048kB`. */
export const kilobytesOf = (size: Bytes): string => `${size / 1024n}kB`

/** Compares for `sort`, which does not accept the bigint that a subtraction would return. */
export const ascending = (a: bigint, b: bigint): number => Number(a > b) - Number(a < b)

const units = ['', 'K', 'M', 'G', 'T', 'P', 'E'] as const

/** The largest number that hugepool accepts, because kernel arithmetic is signed in places. */
export const largestNumber = 2n ** 63n - 1n

/**
 * Matches a decimal number without sign or leading zero: `010` is octal in /proc and decimal in
 * /sys.
 */
export const decimalPattern = /^(?:0|[1-9][0-9]*)$/

const bytesPattern = /^(0|[1-9][0-9]*)(?:([kmgtpe])(?:i|b|ib)?|b)?$/i

/** Whether a text has the form of an amount of memory, however large. */
export const isBytes = (text: string): boolean => bytesPattern.test(text)

/**
 * Reads `2M 2MB 2MiB 2Mi 2048k 2048kB 2097152 2097152B` in any case. Units are powers of 1024.
 * Returns undefined where the text has another form or means more than 2^63 - 1 bytes.
 */
export const parseBytes = (text: string): Bytes | undefined => {
  const [, digits, unit] = bytesPattern.exec(text) ?? []
  if (digits === undefined) return undefined
  const power = units.findIndex((name) => name === (unit ?? '').toUpperCase())
  const bytes = BigInt(digits) * 1024n ** BigInt(power)
  return bytes > largestNumber ? undefined : bytes
}

/** Rounds up to whole units, such as pages. */
export const roundedUp = (bytes: Bytes, unit: Bytes): Bytes => ((bytes + unit - 1n) / unit) * unit

/** Writes bytes in the largest unit that divides them: `2M`, `1026M`, `16G`. It never rounds. */
export const formatBytes = (bytes: Bytes): string => {
  if (bytes < 0n) return `-${formatBytes(-bytes)}`
  let rest = bytes
  let power = 0
  while (rest !== 0n && rest % 1024n === 0n && power < units.length - 1) {
    rest /= 1024n
    power += 1
  }
  return `${rest}${units[power]}`
}

/** Writes bytes as an amount that cannot be taken for a count: `1B`, `4097B`, `2M`. */
export const formatAmount = (bytes: Bytes): string =>
  formatBytes(bytes).replace(/^[1-9]\d*$/, '$&B')

/**
 * Writes bytes for a sentence, rounded down to a form that can be typed: `23G`, `1536M`, `512M`. An
 * amount of less than ten units is written in the next smaller unit, unless it is a whole number of
 * units.
 */
export const approximateBytes = (bytes: Bytes): string => {
  let power = 0
  while (power < units.length - 1 && bytes >= 1024n ** BigInt(power + 1)) power += 1
  const unit = 1024n ** BigInt(power)
  if (power === 0 || bytes % unit === 0n) return `${bytes / unit}${units[power]}`
  return bytes >= 10n * unit
    ? `${bytes / unit}${units[power]}`
    : `${(bytes * 1024n) / unit}${units[power - 1]}`
}
