import { formatSize } from '../words/page-size.ts'
import type { Pool } from './machine.ts'

/** What is said of a pool whose count of reservations wrapped, as that of mm/hugetlb.c can. */
export const wrappedReservationWords = ({ size, reserved }: Pool): readonly string[] =>
  reserved !== undefined && reserved < 0n
    ? [
        `${formatSize(size)}: the kernel's count of reserved pages is below zero, a flaw of the kernel; available counts it as 0`,
      ]
    : []
