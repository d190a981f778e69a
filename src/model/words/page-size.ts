import { usage } from '../../errors.ts'
import { type Bytes, formatBytes, parseBytes } from './bytes.ts'

/** The size of a pool's pages in bytes, which identifies the pool. */
export type PageSize = Bytes

/** A page size as it was typed. The kernel's default size is known only on a machine. */
export type SizeWord = PageSize | 'default'

export const sizeForms = 'a page size is written as 2M, 1G, 2048kB, 2097152 or default'

/** The name of a pool's directory, of which the size is a part; another text is taken as it is. */
const directoryPrefix = /^hugepages-(?=[1-9][0-9]*kB$)/

export const parseSize = (text: string): SizeWord => {
  if (text.toLowerCase() === 'default') return 'default'
  const bytes = parseBytes(text.replace(directoryPrefix, ''))
  if (bytes === undefined || bytes === 0n) throw usage(`'${text}' is not a page size`, sizeForms)
  return bytes
}

/** Writes a size as the kernel's command line takes it: 64K 2M 32M 512M 1G 16G. */
export const formatSize = (size: PageSize): string => formatBytes(size)
