import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import { machinesHere } from '../../vm/every-machine.ts'
import type { ProcessKind } from '../../vm/machines.ts'
import {
  basePage,
  gigantic,
  kernelFrom,
  memorylessNodes,
  memoryNodes,
  nodeMemory,
  poolPath,
  readNumber,
  sizes,
  smallest,
} from './machine.ts'

/** The machine of the laboratory that this is (test/vm/machines.ts); undefined on a real one. */
export const machineName = process.env.HUGEPOOL_MACHINE

/** What a process may take longer here than on a real machine. */
export const patience = machineName === undefined ? 1 : 8

const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

const writable = (): boolean => sizes.length > 0 && isWritable(poolPath(smallest, 'nr_hugepages'))

/** Free memory in blocks that a page of the smallest size fits into, in bytes, by node. */
export const wholeBlocks = (): readonly number[] => {
  const free = new Map<string, number>()
  for (const line of readFileSync('/proc/buddyinfo', 'utf8').trim().split('\n')) {
    const [node = '', counts = ''] = line.split(/, zone +\S+ /)
    const bytes = counts
      .trim()
      .split(/ +/)
      .map((count, order) => Number(count) * basePage * 2 ** order)
      .filter((_, order) => basePage * 2 ** order >= smallest)
    free.set(node, (free.get(node) ?? 0) + bytes.reduce((sum, each) => sum + each, 0))
  }
  return [...free.values()]
}

/** Whether what a node has in whole blocks is next to nothing of its memory. */
export const inPieces = (bytes: number): boolean => bytes < 2 ** 26

const emptyPools = (): boolean =>
  sizes.every((size) => readNumber(poolPath(size, 'nr_hugepages')) === 0)

/**
 * A process of Node takes a second to start on an emulated processor, a traced one two and more: a
 * machine of the laboratory runs some of the tests that start many.
 */
const starts = (kind: ProcessKind): boolean =>
  machineName === undefined || process.env.HUGEPOOL_PROCESSES === kind

/** Half of a node can be lost to what does not move. */
const roomForGigantic = (): boolean => memoryNodes.every((node) => nodeMemory(node) > 2.5 * 2 ** 30)

const hasCpusets = (): boolean => {
  try {
    return /\bcpuset\b/.test(readFileSync('/sys/fs/cgroup/cgroup.controllers', 'utf8'))
  } catch {
    return false
  }
}

/** Takes the second CPU offline; the first cannot be. */
export const offlineSwitch = '/sys/devices/system/cpu/cpu1/online'

/** What a live test can need of a machine, and whether this one has it, before the first of them. */
const has = {
  'several nodes with memory': memoryNodes.length > 1,
  'two nodes with memory': memoryNodes.length === 2,
  'one node with memory': memoryNodes.length === 1,
  'a node without memory': memorylessNodes.length > 0,
  'no node without memory': memorylessNodes.length === 0,
  'no HugeTLB': sizes.length === 0,
  /** Those of the kernel command line of arm64. */
  'four sizes': machineName === 'boot-pools' && sizes.length === 4,
  'gigantic pages': gigantic !== undefined,
  'room for 1G on each node':
    gigantic !== undefined && (machineName === undefined || roomForGigantic()),
  /** On a real machine cpusets are somebody's. */
  cpusets: machineName !== undefined && hasCpusets(),
  'demote (Linux 5.16)': gigantic !== undefined && kernelFrom('5.16'),
  /** Before, free gigantic surplus stayed when its reservation was given back; 5.10 does so. */
  'gigantic surplus that goes (Linux 6.1)': gigantic !== undefined && kernelFrom('6.1'),
  'gigantic overcommit (Linux 6.19)': kernelFrom('6.19'),
  'no gigantic overcommit (before Linux 6.19)': !kernelFrom('6.19'),
  'MADV_POPULATE_WRITE (Linux 5.14)': kernelFrom('5.14'),
  /**
   * Before, a mapping refused on a mount whose min_size is partly in use left the reserved counter
   * too low for good: 6.12 does so, 6.16 does not.
   */
  'refusals that keep what is reserved (Linux 6.16)': kernelFrom('6.16'),
  'leases of huge files (before Linux 7.0)': !kernelFrom('7.0'),
  'no leases of huge files (Linux 7.0)': kernelFrom('7.0'),
  /** On a real machine a test that finds no room fails: it has to be given some. */
  room:
    machineName === undefined ||
    (writable() && emptyPools() && wholeBlocks().every((bytes) => bytes > 1.25 * 2 ** 30)),
  /** Those of the kernel command line stay as they came: not all of them could be had again. */
  'pools that can be set': machineName === undefined || (writable() && emptyPools()),
  'a read-only /sys': process.getuid?.() === 0 && !writable(),
  'no /run/lock': !existsSync('/run/lock'),
  /** Others may be configured without one thing or the other. */
  'a kernel of the laboratory': machineName !== undefined,
  /** Built for the running kernel, and not loaded: the tests do that. */
  modules: machineName === 'drivers' && existsSync(`modules/${release()}`),
  /**
   * For what neither nodes nor memory have a part in: in a whole run of the laboratory the machines that
   * are brief leave it to others with the same kernel.
   */
  'time for what the kernel alone decides': process.env.HUGEPOOL_BRIEF === undefined,
  /** Also on a machine that is for something else. */
  'every machine': true,
  'the machine boot-pools': machineName === 'boot-pools',
  'the machine hugetlb-cgroup': machineName === 'hugetlb-cgroup',
  'the machine memory-cgroup': machineName === 'memory-cgroup',
  'processes: signals': starts('signals'),
  'processes: locks': starts('locks'),
  'processes: users': starts('users'),
  'processes: mounts': starts('mounts'),
  'processes: privilege': starts('privilege'),
  'processes: holders': starts('holders'),
  'processes: policies': starts('policies'),
  'processes: tracing': starts('tracing'),
  'processes: updates': starts('updates'),
  /** On a real machine a CPU is not ours to take. */
  'a CPU that can be taken offline': machineName !== undefined && isWritable(offlineSwitch),
  /** The sizes of these nodes are known: node 0 holds no gigantic page, node 1 a few. */
  'little memory': machineName === 'tight',
  'memory in pieces': machineName === 'fragmented' && wholeBlocks().every(inPieces),
  /** The kernels of the laboratory have it as a module, which is not in the image. */
  'file systems of processes': existsSync('/dev/fuse'),
  /** An emulated processor keeps no time, and the guests have no python3. */
  'real time': machineName === undefined,
  /** A manual, and what starts a machine. Debian that boots has tests of its own (test/boot). */
  'programs of a distribution': machineName === undefined,
} as const

export type Need = keyof typeof has

/** What the machine is there for, where it leaves all other tests to the other machines. */
const only = machinesHere.find(({ name }) => name === machineName)?.only

/** Why a test with these needs is skipped here: for the first that this machine does not meet. */
export const missing = (needs: readonly Need[]): string | undefined => {
  const lacking = needs.find((need) => !has[need])
  if (lacking !== undefined) return `needs ${lacking}`
  const isOurs = only === undefined || needs.some((need) => only.includes(need))
  return isOurs ? undefined : `runs on machines that are not for ${only.join(' or ')}`
}

/** Reasons for which a test may be skipped on every machine of the laboratory, those with other processors aside. */
export const excused = [
  'needs real time',
  'needs programs of a distribution',
  'needs no HugeTLB',
  'needs four sizes',
] satisfies `needs ${Need}`[]
