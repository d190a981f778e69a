import { basePageFor } from '../../model/pools/gigantic.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { readIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** AT_PAGESZ of include/uapi/linux/auxvec.h. */
const pageSizeEntry = 6n

type WordReader = (octets: Buffer, at: number) => bigint

/** The forms of words: those of 64 bits in both byte orders, then those of 32 bits. */
const wordForms: readonly { readonly length: number; readonly read: WordReader }[] = [
  { length: 8, read: (octets, at) => octets.readBigUInt64LE(at) },
  { length: 8, read: (octets, at) => octets.readBigUInt64BE(at) },
  { length: 4, read: (octets, at) => BigInt(octets.readUInt32LE(at)) },
]

const isPageSize = (bytes: bigint): boolean =>
  bytes >= 4096n && bytes <= 1048576n && (bytes & (bytes - 1n)) === 0n

const pageSizeIn = (octets: Buffer): Bytes | undefined => {
  for (const { length, read } of wordForms)
    for (let at = 0; at + 2 * length <= octets.length; at += 2 * length) {
      const value = read(octets, at + length)
      if (read(octets, at) === pageSizeEntry && isPageSize(value)) return value
    }
  return undefined
}

/**
 * Reads the size of a base page in bytes. The kernel tells it to each process at its start
 * (proc_pid_auxv(5)). In a recording without that, it follows from the sizes of the huge pages.
 */
export const readBasePage = (tree: Tree, sizes: readonly PageSize[]): Bytes =>
  pageSizeIn(Buffer.from(readIfPresent(tree, '/proc/self/auxv') ?? '', 'latin1')) ??
  basePageFor(sizes)
