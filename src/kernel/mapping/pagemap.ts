import { openSync, readFileSync, readSync } from 'node:fs'
import { release } from '../release-descriptor.ts'

/** AT_PAGESZ of include/uapi/linux/auxvec.h. */
const auxPageSize = 6n

/**
 * Returns the size of a base page in bytes, which is the unit of pagemap. It is in the auxiliary
 * vector of the process, which has pairs of words: a type and a value.
 */
export const basePageSize = (path = '/proc/self/auxv'): number => {
  // The octets are copied, because a view of words has to begin at a word boundary.
  const words = new BigUint64Array(Uint8Array.from(readFileSync(path)).buffer)
  for (let i = 0; i + 1 < words.length; i += 2)
    if (words[i] === auxPageSize) return Number(words[i + 1])
  throw new Error(`${path} tells no page size`)
}

/** Bits of an entry of 64 bits (Documentation/admin-guide/mm/pagemap.rst). */
const presentBit = 1n << 63n
const frameMask = (1n << 55n) - 1n

/**
 * Returns the frame number of an entry, in base pages. It is undefined where no page is present,
 * and without CAP_SYS_ADMIN, because the kernel then shows 0 (4.2).
 */
export const frameOf = (entry: bigint): number | undefined => {
  const frame = entry & frameMask
  return (entry & presentBit) === 0n || frame === 0n ? undefined : Number(frame)
}

export interface Extent {
  readonly address: bigint
  /** In bytes. */
  readonly pageSize: number
  readonly pages: number
}

export interface PagemapSource {
  readonly path: string
  /** The bytes that an entry stands for. */
  readonly basePage: number
}

const ownPagemap = (): PagemapSource => ({
  path: '/proc/self/pagemap',
  basePage: basePageSize(),
})

/**
 * Reads the frame number of the first base page of every page. Those of two pages that are
 * neighbours in memory differ by `pageSize / basePageSize()`. Throws a system error where there is
 * no pagemap (CONFIG_PROC_PAGE_MONITOR).
 */
export const readFrames = (
  { address, pageSize, pages }: Extent,
  { path, basePage }: PagemapSource = ownPagemap(),
): readonly (number | undefined)[] => {
  const descriptor = openSync(path, 'r')
  try {
    const entry = new BigUint64Array(1)
    return Array.from({ length: pages }, (_, page) => {
      const entryIndex = address / BigInt(basePage) + BigInt(page) * BigInt(pageSize / basePage)
      const position = entryIndex * BigInt(entry.byteLength)
      const length = readSync(descriptor, entry, 0, entry.byteLength, position)
      return length === 0 ? undefined : frameOf(entry[0] as bigint)
    })
  } finally {
    release(descriptor)
  }
}
