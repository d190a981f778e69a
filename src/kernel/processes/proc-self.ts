import { nodeDirectory } from '../../model/pools/attributes.ts'
import type { Cpus } from '../../model/processes/cpus.ts'
import type { SegmentRights } from '../../model/processes/segment-rights.ts'
import { parseNodeList } from '../../model/words/node-list.ts'
import { present } from '../../model/words/present.ts'
import { readStatus, statusLine } from '../process-status.ts'
import { readIfPresent, readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { readShmGroup } from './shm-group.ts'

/** The id of this process; undefined without a /proc. */
export const readPid = (tree: Tree): number | undefined => {
  const text = statusLine(readStatus(tree), 'Pid')
  return text === undefined ? undefined : Number(text)
}

/** Parses a list of CPUs, which has the format of a list of nodes. */
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

/** CAP_IPC_LOCK, from include/uapi/linux/capability.h. */
const ipcLock = 14n

const hasIpcLock = (tree: Tree): boolean | undefined => {
  const mask = statusLine(readStatus(tree), 'CapEff')
  return mask === undefined ? undefined : ((BigInt(`0x${mask}`) >> ipcLock) & 1n) === 1n
}

const readLimits = (tree: Tree): string => readIfPresent(tree, '/proc/self/limits') ?? ''

/**
 * Whether a limit keeps this process from mapping all that the processor can address. True where
 * /proc/self/limits cannot be read.
 */
export const readSpaceLimited = (tree: Tree): boolean => {
  const limits = readLimits(tree)
  return ['Max address space', 'Max data size'].some(
    (name) => !new RegExp(`^${name} +unlimited`, 'm').test(limits),
  )
}

export const readSegmentRights = (tree: Tree): SegmentRights => {
  const group = readShmGroup(tree)
  const lock = hasIpcLock(tree)
  const memlock = /^Max locked memory\s+(\S+)/m.exec(readLimits(tree))?.[1]
  const shmmax = readNumberIfPresent(tree, '/proc/sys/kernel/shmmax')
  const shmall = readNumberIfPresent(tree, '/proc/sys/kernel/shmall')
  const shmmni = readNumberIfPresent(tree, '/proc/sys/kernel/shmmni')
  return present({
    group,
    hasIpcLock: lock,
    memlock,
    shmmax,
    shmall,
    shmmni,
  })
}
