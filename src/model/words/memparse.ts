const suffixes = 'kmgtpe'

/** A number with the base that its beginning names, as simple_strtoull of lib/vsprintf.c has it. */
const numberPattern = /^(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)/i

const numberOf = (digits: string): bigint =>
  BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits)

/**
 * Reads a number with a suffix, as memparse of lib/cmdline.c does. The number has its base as in C,
 * and `rest` is what follows the suffix. The value can be larger than hugepool accepts as input,
 * for Linux 7.3 shows limits of up to 2^64 - 1. Returns undefined where the text begins with no
 * number.
 */
export const memparse = (
  text: string,
): { readonly value: bigint; readonly rest: string } | undefined => {
  const digits = numberPattern.exec(text)?.[1]
  if (digits === undefined) return undefined
  const after = text.slice(digits.length)
  const power = suffixes.indexOf((after[0] ?? '-').toLowerCase()) + 1
  return {
    value: numberOf(digits) * 1024n ** BigInt(power),
    rest: power === 0 ? after : after.slice(1),
  }
}
