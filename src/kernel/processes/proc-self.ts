import { nodeDirectory } from '../../model/pools/attributes.ts'
import type { Cpus } from '../../model/processes/cpus.ts'
import type { SegmentRights, SegmentSettings } from '../../model/processes/segment-rights.ts'
import { parseNodeList } from '../../model/words/node-list.ts'
import { present } from '../../model/words/present.ts'
import { capableByStatus, readStatus, statusLine } from '../process-status.ts'
import { readIfPresent, readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { readProcessLimits } from './read-process-limits.ts'
import { readShmGroup } from './shm-group.ts'

/** The id of this process; undefined without a /proc. */
export const readPid = (tree: Tree): number | undefined => {
  const text = statusLine(readStatus(tree), 'Pid')
  return text === undefined ? undefined : Number(text)
}

/** Parses a list of CPUs, which the kernel writes as it writes a list of nodes. */
const cpuList = (text: string | undefined): readonly number[] => parseNodeList(text ?? '') ?? []

const onlinePath = '/sys/devices/system/cpu/online'

/** Cpus_allowed_list keeps CPUs that are offline, on which no thread runs. */
const usableCpus = (tree: Tree): readonly number[] => {
  const allowed = cpuList(statusLine(readStatus(tree), 'Cpus_allowed_list'))
  const online = new Set(cpuList(readIfPresent(tree, onlinePath)))
  return online.size === 0 ? allowed : allowed.filter((cpu) => online.has(cpu))
}

export const readCpus = (tree: Tree): Cpus => ({
  allowed: usableCpus(tree),
  ofNode: (node) => cpuList(readIfPresent(tree, `${nodeDirectory(node)}/cpulist`)),
})

/**
 * Whether a limit keeps this process from mapping all that the processor can address. True where
 * /proc/self/limits cannot be read.
 */
export const readSpaceLimited = (tree: Tree): boolean => {
  const { addressSpace, dataSize } = readProcessLimits(tree)
  return addressSpace !== 'unlimited' || dataSize !== 'unlimited'
}

/** The settings of the machine about SysV segments. */
export const readSegmentSettings = (tree: Tree): SegmentSettings =>
  present({
    group: readShmGroup(tree),
    shmmax: readNumberIfPresent(tree, '/proc/sys/kernel/shmmax'),
    shmall: readNumberIfPresent(tree, '/proc/sys/kernel/shmall'),
    shmmni: readNumberIfPresent(tree, '/proc/sys/kernel/shmmni'),
  })

export const readSegmentRights = (tree: Tree): SegmentRights =>
  present({
    ...readSegmentSettings(tree),
    hasIpcLock: capableByStatus(readStatus(tree), 'CAP_IPC_LOCK'),
    memlock: readProcessLimits(tree).memlock,
  })
