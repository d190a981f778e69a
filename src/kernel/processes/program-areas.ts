import type { Octets } from '../../model/etc/octets.ts'
import type { ProgramAreas } from '../../model/processes/large-program.ts'

/** A line of /proc/PID/maps (show_map_vma in fs/proc/task_mmu.c), of memory without a file too. */
const pattern = /(?:^|\n)([0-9a-f]+)-([0-9a-f]+) .(.).([ps]) [0-9a-f]+ \S+ \d+ *([^\n]*)/g

/** Shared memory that mmap(2) or shmget(2) made, and no file of a file system. */
const isSharedMemory = (path: string): boolean =>
  /^(?:\/dev\/zero \(deleted\)|\/SYSV[0-9a-f]{8} \(deleted\))$/.test(path)

/** Anonymous huge pages have this name whether they are private or shared (mm/hugetlb.c). */
const isHuge = (path: string): boolean => path === '/anon_hugepage (deleted)'

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** Sums up the areas of a text of /proc/PID/maps. */
export const areasIn = (maps: Octets): ProgramAreas => {
  let [huge, largestPrivate, largestShared] = [0n, 0n, 0n]
  for (const [, from, to, write, sharing, path = ''] of maps.matchAll(pattern)) {
    const bytes = BigInt(`0x${to}`) - BigInt(`0x${from}`)
    if (isHuge(path)) huge += bytes
    else if (sharing === 's' && isSharedMemory(path)) largestShared = larger(largestShared, bytes)
    else if (sharing === 'p' && write === 'w' && (path === '' || path === '[heap]'))
      largestPrivate = larger(largestPrivate, bytes)
  }
  return { huge, largestPrivate, largestShared }
}
