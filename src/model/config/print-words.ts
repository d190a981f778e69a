import type { MountLimit } from '../mounts/mount-limit.ts'
import { decimalPattern, formatAmount } from '../words/bytes.ts'
import type { Count } from '../words/count.ts'
import type { ConfiguredPages } from './configuration.ts'

// Values are written here as a file has them, and reading them gives the same values again.

/** Writes memory so that it is not read as a count of pages: `8G`, `4097B`, `0B`. */
export const memoryWord = (bytes: bigint): string => (bytes === 0n ? '0B' : formatAmount(bytes))

const countText = (count: Count): string => {
  if (count.kind === 'pages') return `${count.pages}`
  if (count.kind === 'memory') return memoryWord(count.bytes)
  throw new Error(`a configuration has no ${count.kind}`)
}

/** Writes a count. A number of pages needs no quotes, and an amount of memory does. */
export const countValue = (count: Count): bigint | string =>
  count.kind === 'pages' ? count.pages : countText(count)

export const pagesValue = ({ counts, atLeast }: ConfiguredPages): bigint | string => {
  if ('kind' in counts && !atLeast) return countValue(counts)
  const text =
    'kind' in counts
      ? countText(counts)
      : counts.map(({ node, count }) => `${node}:${countText(count)}`).join(',')
  return atLeast ? `>=${text}` : text
}

export const limitText = (limit: MountLimit): string =>
  limit.kind === 'percent' ? `${limit.percent}%` : memoryWord(limit.bytes)

/** Writes a user or group. A number needs no quotes, and a name does. */
export const ownerValue = (owner: string): bigint | string =>
  decimalPattern.test(owner) ? BigInt(owner) : owner
