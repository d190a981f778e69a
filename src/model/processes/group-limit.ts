import { type Bytes, formatBytes } from '../words/bytes.ts'

/** A limit of a cgroup, its own or of one above it. */
export interface GroupLimit {
  /** `/system.slice/x`, in the hierarchy of the controller. */
  readonly group: string
  /** `hugetlb.2MB.max`, as it is called there. */
  readonly file: string
  readonly max: Bytes
  readonly current: Bytes
}

/** The limits that a mapping of one page size meets, those that are there at all. */
export interface GroupLimits {
  /** Of pages faulted in. */
  readonly pages: readonly GroupLimit[]
  /** Of reservations. */
  readonly reserved: readonly GroupLimit[]
  /** Of all memory, where huge pages count in it (memory_hugetlb_accounting, from 6.7 on). */
  readonly memory: readonly GroupLimit[]
}

export const noLimits: GroupLimits = { pages: [], reserved: [], memory: [] }

/** The first limit, from the own group upwards, that leaves too little. */
export const tooSmall = (limits: readonly GroupLimit[], bytes: Bytes): GroupLimit | undefined =>
  limits.find(({ max, current }) => max - current < bytes)

export const limitWords = ({ group, file, max, current }: GroupLimit): string =>
  `the cgroup ${group} allows ${formatBytes(max)} (${file}) and has ${formatBytes(current)}`

export const raise = ({ group, file }: GroupLimit): string =>
  `raise ${file} of ${group}, or run in another cgroup`
