import { usage } from '../../errors.ts'
import { type Bytes, formatBytes, isBytes, parseBytes } from './bytes.ts'

/** The size of a pool's pages in bytes, which identifies the pool. */
export type PageSize = Bytes

/** A page size as it was typed. The kernel's default size is known only on a machine. */
export type SizeWord = PageSize | 'default'

export const sizeForms = 'a page size is written as 2M, 1G, 2048kB, 2097152 or default'

/** Matches what stands before the size in the name of a pool's directory. */
const directoryPrefix = /^hugepages-(?=[1-9][0-9]*kB$)/

/** Reads SIZE, or the name of a pool's directory. Throws E_USAGE for anything else. */
export const parseSize = (text: string): SizeWord => {
  if (text.toLowerCase() === 'default') return 'default'
  const word = text.replace(directoryPrefix, '')
  const bytes = parseBytes(word)
  if (bytes === undefined && isBytes(word))
    throw usage(`'${text}' is too large: a page size is less than 8E`)
  if (bytes === undefined || bytes === 0n) throw usage(`'${text}' is not a page size`, sizeForms)
  return bytes
}

/** Writes a size as the kernel's command line takes it: 64K 2M 32M 512M 1G 16G. */
export const formatSize = (size: PageSize): string => formatBytes(size)
