import { worthwhileSavings } from '../../pools/vmemmap-savings.ts'
import { type Bytes, formatBytes } from '../../words/bytes.ts'
import { formatSize } from '../../words/page-size.ts'
import type { PoolRoom, TuneFacts } from './tune-facts.ts'

/**
 * What a setting should at least be, and why. A value that is set already is never lowered by it.
 */
export interface Recommended {
  readonly value: bigint
  readonly why: string
}

/** Recommends a value; undefined where nothing of the machine is a reason for one. */
export type Recommend = (facts: TuneFacts) => Recommended | undefined

const roomBytes = ({ size, most }: PoolRoom): Bytes => size * most

/**
 * Recommends shmmax. A segment has pages of one size, so that the largest pool bounds it
 * (ipc/shm.c).
 */
export const recommendShmmax: Recommend = ({ pools }) => {
  const largest = pools.reduce<PoolRoom | undefined>(
    (found, pool) => (found === undefined || roomBytes(pool) > roomBytes(found) ? pool : found),
    undefined,
  )
  if (largest === undefined || roomBytes(largest) === 0n) return undefined
  return {
    value: roomBytes(largest),
    why: `one segment can have all pages of the ${formatSize(largest.size)} pool`,
  }
}

/**
 * Recommends shmall, for which the pages of all segments together, huge ones included, count as
 * base pages.
 */
export const recommendShmall: Recommend = ({ pools, basePage }) => {
  const bytes = pools.reduce((sum, pool) => sum + roomBytes(pool), 0n)
  return bytes === 0n
    ? undefined
    : { value: bytes / basePage, why: 'segments can have all pages of all pools' }
}

/**
 * A zone keeps two blocks, and one for each pair of the three kinds of memory that programs get.
 */
const blocksOfZone = 2n + 3n * 3n

/**
 * Recommends what khugepaged sets by itself unless THP is switched off, so that blocks of a huge
 * page stay whole, but no more than a twentieth of the memory (set_recommended_min_free_kbytes in
 * mm/khugepaged.c).
 */
export const recommendMinFree: Recommend = ({ zones, thpSize, memory }) => {
  if (zones === undefined || thpSize === undefined || memory === undefined) return undefined
  const wanted = blocksOfZone * zones * thpSize
  const most = memory / 20n
  return {
    value: ((wanted < most ? wanted : most) / 1024n) * 1024n,
    why: `keeps blocks of ${formatSize(thpSize)} whole: ${blocksOfZone} in ${zones === 1n ? 'the only zone' : `each of ${zones} zones`}`,
  }
}

export const recommendFreeVmemmap: Recommend = ({ pools, basePage }) => {
  const saved = worthwhileSavings(
    pools.map(({ size, persistent }) => ({ size, total: persistent })),
    basePage,
  )
  return saved === undefined
    ? undefined
    : {
        value: 1n,
        why: `pools of this size would save ${formatBytes((saved / 1024n ** 2n) * 1024n ** 2n)} once they are made anew`,
      }
}
