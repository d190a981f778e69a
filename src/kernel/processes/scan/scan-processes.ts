import { readdirSync } from 'node:fs'
import { processIds } from '../../process-list.ts'
import { hiddenBy } from './hidden-processes.ts'
import { mayHaveHuge, type ProcessSizes, sizesIn } from './process-sizes.ts'
import { ifShown, looked, readAtOnce } from './quick-read.ts'
import { scanAreas } from './scan-areas.ts'
import type { Scan } from './scan-state.ts'

/** A process, with what its status says of its memory. */
export interface ScannedProcess extends ProcessSizes {
  readonly pid: string
}

/**
 * The sizes of all processes but this one, in one open, one read and one close for each: with
 * thousands of processes that is the larger part of the time of a scan. Notes whether others are
 * hidden.
 */
export const readProcesses = (scan: Scan): readonly ScannedProcess[] => {
  const { tree, proc, ownPid } = scan
  const own = `${ownPid}`
  const found: ScannedProcess[] = []
  scan.hidden = hiddenBy(tree, proc)
  for (const pid of processIds(proc)) {
    if (pid === own) continue
    const status = looked(() => readAtOnce(`${proc}/${pid}/status`))
    if ('value' in status) {
      const sizes = sizesIn(status.value)
      scan.spaces.set(pid, sizes.space)
      found.push({ pid, ...sizes })
    }
    // With hidepid=1 those of others are listed, and nothing more.
    else if (status.denied !== undefined) scan.hidden ??= 'users'
  }
  return found
}

/** The directories of the threads of a process whose first one has ended. */
const threadDirectories = (directory: string): readonly string[] =>
  (ifShown(() => readdirSync(`${directory}/task`)) ?? []).map((id) => `${directory}/task/${id}`)

/** Looks at the memory of a process whose first thread has ended, in the directories of the others. */
const lookAtThreads = (scan: Scan, pid: string): string | undefined => {
  const before = scan.areas.length
  for (const thread of threadDirectories(`${scan.proc}/${pid}`)) {
    const denied = scanAreas(scan, pid, thread, true)
    // All threads have the same memory.
    if (denied !== undefined || scan.areas.length > before) return denied
  }
  return undefined
}

/**
 * Whether the first thread of a process has ended since its status was read. What it showed of its
 * memory then can be less than what the others have: of pages that it had, none was seen.
 */
const hasLostLeader = (scan: Scan, process: ScannedProcess, before: number): boolean => {
  const { pid, hugeBytes } = process
  if (hugeBytes === 0n) return false
  if (scan.areas.slice(before).some((area) => area.present > 0n)) return false
  const status = ifShown(() => readAtOnce(`${scan.proc}/${pid}/status`))
  return status !== undefined && sizesIn(status).lacksLeader
}

const lookAt = (scan: Scan, process: ScannedProcess): string | undefined => {
  const { pid, hugeBytes, lacksLeader } = process
  if (lacksLeader) return lookAtThreads(scan, pid)
  const before = scan.areas.length
  const isHolder = hugeBytes > 0n
  const denied = scanAreas(scan, pid, `${scan.proc}/${pid}`, isHolder)
  if (!hasLostLeader(scan, process, before)) return denied
  scan.areas.splice(before)
  return lookAtThreads(scan, pid)
}

const scanSome = (scan: Scan, processes: readonly ScannedProcess[]): void => {
  for (const one of processes) {
    const { pid, hugeBytes: bytes } = one
    const errno = lookAt(scan, one)
    if (errno !== undefined) scan.unseen.set(Number(pid), { process: scan.who(pid), bytes, errno })
  }
}

/** Looks at the memory of the processes that can have huge pages in their page tables. */
export const scanCandidates = (scan: Scan, processes: readonly ScannedProcess[]): void =>
  scanSome(scan, processes.filter(mayHaveHuge))

/** Looks at the others: huge pages can be mapped and be in no page table. Kernel threads have none. */
export const scanOthers = (scan: Scan, processes: readonly ScannedProcess[]): void =>
  scanSome(
    scan,
    processes.filter((one) => one.space > 0 && !mayHaveHuge(one)),
  )
