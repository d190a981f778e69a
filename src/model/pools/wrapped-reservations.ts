import { formatSize } from '../words/page-size.ts'
import type { Pool } from './machine.ts'

/**
 * Describes a pool whose reservation counter wrapped below zero (resv_huge_pages in mm/hugetlb.c,
 * 6.12 and later).
 */
export const wrappedReservationWords = ({
  size,
  reserved,
}: Pick<Pool, 'size' | 'reserved'>): readonly string[] =>
  reserved !== undefined && reserved < 0n
    ? [
        `${formatSize(size)}: the kernel's count of reserved pages is below zero, a flaw of the kernel; available counts it as 0`,
      ]
    : []
