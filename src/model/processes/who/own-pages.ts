import type { Pages } from '../../words/count.ts'

/**
 * The anonymous pages in the page table of a process. Where the kernel shows frames, all are known by
 * these. Elsewhere the kernel tells only whether a page is in one page table or in several.
 */
export interface OwnPages {
  readonly frames: readonly number[]
  readonly alone: Pages
  readonly together: Pages
}

export const ownCount = ({ frames, alone, together }: OwnPages): Pages =>
  BigInt(frames.length) + alone + together
