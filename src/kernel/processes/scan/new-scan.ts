import type { Native } from '../../native/native.ts'
import { readBasePage } from '../../pools/base-page.ts'
import { readPageSizes } from '../../pools/pools.ts'
import { processesAmong } from '../../process-list.ts'
import { kilobytesIn, readStatus } from '../../process-status.ts'
import { listIfPresent } from '../../read-attribute.ts'
import { isLive, procOf, type Tree } from '../../tree.ts'
import { readPid } from '../proc-self.ts'
import { frameNodes } from './frame-nodes.ts'
import { processFinder, recordedProcess, userNames } from './holder-process.ts'
import { hugeDevices, learnInternalDevices } from './huge-devices.ts'
import type { Scan } from './scan-state.ts'

/** Begins a scan of the machine. `native` is absent where the addon cannot be loaded. */
export const newScan = (tree: Tree, native: Native | undefined): Scan => {
  const sizes = readPageSizes(tree)
  const basePage = readBasePage(tree, sizes)
  const proc = procOf(tree)
  const devices = hugeDevices()
  const live = isLive(tree)
  if (live && native !== undefined) learnInternalDevices(devices, native, sizes)
  const userOf = userNames(tree)
  return {
    tree,
    proc,
    sizes,
    basePage,
    devices,
    nodes: frameNodes(tree, basePage),
    who: live ? processFinder(proc, userOf) : (pid) => recordedProcess(tree, pid, userOf),
    userOf,
    ...(live && native !== undefined && { native }),
    ownPid: live ? readPid(tree) : undefined,
    files: new Map(),
    areas: [],
    descriptors: [],
    segments: [],
    mounts: [],
    buffers: [],
    inFlight: [],
    pinned: new Map(),
    unseen: new Map(),
    targets: new Set(),
    namespaces: new Set(),
    kept: new Map(),
    opaque: [],
  }
}

/** Of a recorded machine only what every user may see is known: how much each process has mapped. */
export const scanRecorded = (scan: Scan): void => {
  const { tree } = scan
  for (const pid of processesAmong(listIfPresent(tree, '/proc'))) {
    const bytes = kilobytesIn(readStatus(tree, pid), 'HugetlbPages') ?? 0n
    if (bytes > 0n) scan.unseen.set(Number(pid), { process: scan.who(pid), bytes })
  }
}
