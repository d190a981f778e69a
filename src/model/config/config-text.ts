import { isText, type Octets, textOf } from '../etc/octets.ts'
import { configError } from './config-fault.ts'

/**
 * The most octets that a file can have. A configuration of every page size and of a hundred mounts
 * has a fifth of them, and reading garbage of this size takes half a second.
 */
export const mostOctets = 128 * 1024

const utf8Hint = 'save it as UTF-8 without a byte order mark'

/**
 * Tells what is wrong with the octets of a file before anything is read of them; undefined where
 * nothing is.
 */
const faultIn = (octets: Octets): string | undefined => {
  if (octets.length > mostOctets) return 'is larger than 128K, as no configuration is'
  if (octets.startsWith('\xff\xfe') || octets.startsWith('\xfe\xff')) return 'is UTF-16'
  if (octets.startsWith('\xef\xbb\xbf')) return 'begins with a byte order mark'
  if (octets.includes('\0')) return 'is no text: it has octets of 0 in it'
  return isText(octets) ? undefined : 'is not UTF-8'
}

/** Decodes a file. Throws E_CONFIG for what is too large, and for what is no UTF-8. */
export const configText = (octets: Octets, file: string): string => {
  const fault = faultIn(octets)
  if (fault === undefined) return textOf(octets)
  const isLarge = octets.length > mostOctets
  throw configError({ file, key: '' }, fault, isLarge ? undefined : utf8Hint, 'not-understood')
}
