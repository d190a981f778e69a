import { deviceOf } from '../../mounts/mount-device.ts'
import { scanMissedAreas } from './scan-areas.ts'
import type { ScannedProcess } from './scan-processes.ts'
import type { Scan } from './scan-state.ts'

/**
 * Looks again at the memory of processes that have no huge pages in their page tables: they can have
 * mapped a file of a hugetlbfs that is mounted nowhere, of which nobody knew so far what it is. What lies
 * on a mount that some table shows is known.
 */
export const scanMissed = (scan: Scan, processes: readonly ScannedProcess[]): void => {
  const mounted = new Set(
    scan.namespaces().flatMap(({ lines }) => lines.map(({ device }) => deviceOf(device).hex)),
  )
  for (const { pid, space, hugeBytes } of processes)
    if (space > 0 && hugeBytes === 0n)
      scanMissedAreas(scan, pid, `${scan.proc}/${pid}`, (device) => !mounted.has(device))
}
