import { systemError } from './fake-kernel-errors.ts'

const limit = 2n ** 64n

/** kstrtoul, base 10 (lib/kstrtox.c): what sysfs attributes take. */
export const parseSysfs = (text: string): bigint => {
  const [, digits, rest = ''] = /^\+?(\d+)(.*)$/s.exec(text.split('\0')[0] ?? '') ?? []
  if (digits === undefined) throw systemError('EINVAL', 'write')
  const number = BigInt(digits)
  if (number >= limit) throw systemError('ERANGE', 'write')
  if (rest !== '' && rest !== '\n') throw systemError('EINVAL', 'write')
  return number
}

/**
 * proc_get_long (kernel/sysctl.c): blanks around, octal and hexadecimal, the first number only.
 * Undefined for a negative number, which the kernel ignored before 5.17.
 */
export const parseSysctl = (text: string, negativeIsError: boolean): bigint | undefined => {
  const pattern = /^\s*(-?)(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)(?:[ \t\n]|$)/i
  const [, sign, digits = ''] = pattern.exec(text) ?? []
  const octal = /^0[0-7]+$/.test(digits)
  const number = digits === '' ? limit : BigInt(octal ? `0o${digits.slice(1)}` : digits)
  if (number >= limit || (sign === '-' && negativeIsError)) throw systemError('EINVAL', 'write')
  return sign === '-' ? undefined : number
}

const units = ['', 'k', 'm', 'g', 't', 'p', 'e']

/** memparse (lib/cmdline.c): whatever follows the unit is ignored, and no number at all is 0. */
export const parseMemory = (text: string): bigint => {
  const pattern = /^(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)([kmgtpe]?)/i
  const [, digits = '0', unit = ''] = pattern.exec(text) ?? []
  const octal = /^0[0-7]+$/.test(digits)
  const number = BigInt(octal ? `0o${digits.slice(1)}` : digits)
  return number * 1024n ** BigInt(units.indexOf(unit.toLowerCase()))
}

/** %lu: a counter below zero shows wrapped. */
export const unsigned = (count: bigint): bigint => BigInt.asUintN(64, count)

/** %*pbl (lib/vsprintf.c): `0-2,4`. */
export const nodeList = (ids: readonly number[]): string => {
  const sorted = [...ids].sort((a, b) => a - b)
  const starts = sorted.filter((id) => !sorted.includes(id - 1))
  const ends = sorted.filter((id) => !sorted.includes(id + 1))
  return starts.map((id, at) => (id === ends[at] ? `${id}` : `${id}-${ends[at]}`)).join(',')
}
