import { fewer, type Pages } from '../../words/count.ts'
import type { PageSize } from '../../words/page-size.ts'
import type { FoundArea } from './found-pages.ts'

const more = (a: Pages, b: Pages): Pages => (fewer(a, b) === a ? b : a)

/**
 * The anonymous pages of a size that several page tables may have, each counted once. A frame is one
 * page. Without frames, pages of one page table alone add up, and those that are in several are at
 * least as many as one process has of them, within the memory that one mmap(2) gave.
 */
export const privatePages = (areas: readonly FoundArea[], size: PageSize): Pages => {
  const frames = new Set<number>()
  let alone = 0n
  const together = new Map<string, Map<number, Pages>>()
  for (const {
    own,
    key,
    size: ofArea,
    process: { pid },
  } of areas) {
    if (ofArea !== size) continue
    for (const frame of own.frames) frames.add(frame)
    alone += own.alone
    const ofFile = together.get(key) ?? new Map<number, Pages>()
    ofFile.set(pid, (ofFile.get(pid) ?? 0n) + own.together)
    together.set(key, ofFile)
  }
  const least = [...together.values()].map((ofFile) => [...ofFile.values()].reduce(more, 0n))
  return BigInt(frames.size) + alone + least.reduce((sum, pages) => sum + pages, 0n)
}

/** Returns a function that tells whether others have pages of an area too, as after fork(2). */
export const sharedFrames = (areas: readonly FoundArea[]): ((area: FoundArea) => boolean) => {
  const seen = new Set<number>()
  const twice = new Set<number>()
  for (const { own } of areas)
    for (const frame of own.frames) (seen.has(frame) ? twice : seen).add(frame)
  return ({ own }) => own.together > 0n || own.frames.some((frame) => twice.has(frame))
}
