import { usage } from '../../errors.ts'
import { type Bytes, isBytes, parseBytes } from './bytes.ts'

/** Reads the memory that has to stay available. Throws E_USAGE for what is no amount. */
export const parseLeave = (text: string): Bytes => {
  const bytes = parseBytes(text)
  if (bytes === undefined && isBytes(text))
    throw usage(`'${text}' is too large: an amount of memory is less than 8E`)
  if (bytes === undefined)
    throw usage(`'${text}' is not an amount of memory`, 'an amount is written as 2G, 512M or 0')
  return bytes
}
