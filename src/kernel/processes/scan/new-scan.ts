import { readNamespaces } from '../../mounts/mount-device.ts'
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
import { mountBehind } from './mount-of-link.ts'
import type { Scan } from './scan-state.ts'

/** How a scan differs from that of `who`. */
export interface ScanWays {
  /** Whether this process is looked at as well. */
  readonly withSelf?: boolean
  /** Whether files on mounts that no table shows are left alone. */
  readonly isCautious?: boolean
  /** Whether of everything found it is noted by which mount it is held. */
  readonly withMounts?: boolean
}

/** Runs `read` when its result is first needed, and keeps that. */
const once = <T>(read: () => T): (() => T) => {
  let found: { readonly value: T } | undefined
  return () => {
    found ??= { value: read() }
    return found.value
  }
}

/** Begins a scan of the machine. `native` is absent where the addon cannot be loaded. */
export const newScan = (
  tree: Tree,
  native: Native | undefined,
  { withSelf = false, isCautious = false, withMounts = false }: ScanWays = {},
): Scan => {
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
    ownPid: live && !withSelf ? readPid(tree) : undefined,
    namespaces: once(() => readNamespaces(proc)),
    isCautious,
    mountBehind: withMounts ? mountBehind : () => undefined,
    files: new Map(),
    areas: [],
    descriptors: [],
    segments: [],
    doubtful: [],
    mounts: [],
    buffers: [],
    inFlight: [],
    pinned: new Map(),
    unseen: new Map(),
    statuses: new Map(),
    origins: new Map(),
    covering: new Set(),
    spaces: new Map(),
    hidden: undefined,
    targets: new Set(),
    walked: new Set(),
    ipcNamespaces: new Map(),
    unread: new Map(),
    unasked: new Map(),
    kept: new Map(),
    distant: [],
    opaque: [],
  }
}

/**
 * Notes how much each process of a recorded machine has mapped: a recording has no more of them than
 * that.
 */
export const scanRecorded = (scan: Scan): void => {
  const { tree } = scan
  for (const pid of processesAmong(listIfPresent(tree, '/proc'))) {
    const bytes = kilobytesIn(readStatus(tree, pid), 'HugetlbPages') ?? 0n
    if (bytes > 0n) scan.unseen.set(Number(pid), { process: scan.who(pid), bytes })
  }
}
