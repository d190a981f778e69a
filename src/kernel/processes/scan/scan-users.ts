import type { PageSize } from '../../../model/words/page-size.ts'
import { scanDescriptors } from './scan-descriptors.ts'
import { readProcesses, scanCandidates, scanOthers } from './scan-processes.ts'
import type { Scan } from './scan-state.ts'

/** A hugetlbfs: its device in the form of /proc/PID/maps, and the directories on which it is mounted. */
export interface SoughtFileSystem {
  readonly device: string
  readonly size: PageSize
  readonly targets: readonly string[]
}

/** Looks for all who have something of one hugetlbfs, in the memory and the descriptors of processes. */
export const scanUsersOf = (scan: Scan, { device, size, targets }: SoughtFileSystem): void => {
  scan.devices.learn(device, size)
  for (const target of targets) {
    scan.targets.add(target)
    scan.mounts.push({ device, size, target, minimum: 0n })
  }
  const processes = readProcesses(scan)
  scanCandidates(scan, processes)
  scanOthers(scan, processes)
  scanDescriptors(scan, processes)
}
