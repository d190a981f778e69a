import { fromKilobytes } from '../../../model/words/bytes.ts'

/** The lines of /proc/PID/status (fs/proc/array.c, fs/proc/task_mmu.c) that a scan looks at. */
const lines = {
  state: Buffer.from('\nState:\t'),
  space: Buffer.from('\nVmSize:\t'),
  huge: Buffer.from('\nHugetlbPages:\t'),
  threads: Buffer.from('\nThreads:\t'),
}

const zero = 0x30
const nine = 0x39
const blank = 0x20
const zombie = 0x5a

/** Reads the number of a line, which has blanks before it; 0 where there is no such line. */
const numberAfter = (status: Buffer, line: Buffer): number => {
  const found = status.indexOf(line)
  if (found < 0) return 0
  let at = found + line.length
  while (status[at] === blank) at += 1
  let number = 0
  for (let digit = status[at] ?? 0; digit >= zero && digit <= nine; digit = status[at] ?? 0) {
    number = number * 10 + digit - zero
    at += 1
  }
  return number
}

/** What a status says of the memory of a process. */
export interface ProcessSizes {
  /** The pages of all sizes in its page table, in bytes. */
  readonly hugeBytes: bigint
  /** The address space, in kB. */
  readonly space: number
  readonly threads: number
  /** Whether its first thread has ended while others live: then the process shows no memory. */
  readonly lacksLeader: boolean
}

/** Reads these lines out of the bytes of a status, without making a text of them. */
export const sizesIn = (status: Buffer): ProcessSizes => {
  const state = status.indexOf(lines.state)
  const threads = numberAfter(status, lines.threads)
  const isZombie = state >= 0 && status[state + lines.state.length] === zombie
  return {
    hugeBytes: fromKilobytes(`${numberAfter(status, lines.huge)}`),
    space: numberAfter(status, lines.space),
    threads,
    lacksLeader: isZombie && threads > 1,
  }
}

/**
 * Where processes share page tables, which takes a mapping of at least 1 GiB, HugetlbPages is 0 for
 * all of them but the first (huge_pmd_share in mm/hugetlb.c).
 */
const sharedTableSpace = 2 ** 20

/** Whether a process can have huge pages in its page table. */
export const mayHaveHuge = ({ hugeBytes, space, lacksLeader }: ProcessSizes): boolean =>
  hugeBytes > 0n || space >= sharedTableSpace || lacksLeader
