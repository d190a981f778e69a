import { visible } from '../etc/octal-escapes.ts'
import { type ShownMount, unclearWords } from '../mounts/hugetlbfs-mount.ts'
import type { Machine } from '../pools/machine.ts'
import { sysfsHint } from '../pools/machine.ts'
import { ascending } from '../words/bytes.ts'
import { present } from '../words/present.ts'
import type { Configuration } from './configuration.ts'
import { exportedMount } from './exported-mount.ts'
import { exportedPool, leftOutOfPool } from './exported-pool.ts'
import { printConfiguration } from './print-configuration.ts'

/** What is seen of the machine that is described. */
export interface ExportFacts {
  readonly machine: Machine
  readonly mounts: readonly ShownMount[]
  /** Lines of the mount table that are not understood. */
  readonly unknownLines: readonly string[]
  /** The number in vm.hugetlb_shm_group; absent where the kernel does not show it. */
  readonly shmGroup?: bigint
}

/** A description of a machine, and what is not in it. */
export interface MachineExport {
  readonly configuration: Omit<Configuration, 'files' | 'skipped' | 'positions'>
  /** What the file leaves out on purpose. */
  readonly leftOut: readonly string[]
  /** What could not be read, so that the description is not whole. */
  readonly unread: readonly string[]
}

const byTarget = (one: ShownMount, other: ShownMount): number =>
  one.target < other.target ? -1 : 1

const unreadOfPools = ({ pools, unreadable = [] }: Machine): readonly string[] => [
  ...unreadable.map(({ error }) => error.message),
  ...(pools.some(({ onlyInProc }) => onlyInProc) ? [sysfsHint] : []),
]

/**
 * Describes a machine. `all` includes mounts that others see to; `unseen` says what else could not
 * be read.
 */
export const exportMachine = (
  facts: ExportFacts,
  all: boolean,
  unseen: readonly string[] = [],
): MachineExport => {
  const { machine, mounts, unknownLines, shmGroup = 0n } = facts
  const pools = [...machine.pools].sort((one, other) => ascending(other.size, one.size))
  const exported = [...mounts]
    .sort(byTarget)
    .map((mount) => ({ shown: mount, as: exportedMount(mount, all) }))
  return {
    configuration: {
      pools: pools.map((pool) => exportedPool(machine, pool)),
      mounts: exported.flatMap(({ as }) => ('mount' in as ? as.mount : [])),
      boot: {},
      tune: present({ shmGroup: shmGroup === 0n ? undefined : `${shmGroup}` }),
    },
    leftOut: [
      ...pools.flatMap(leftOutOfPool),
      ...exported.flatMap(({ shown, as }) =>
        'why' in as ? `the hugetlbfs on ${shown.target}: ${as.why}` : [],
      ),
    ],
    unread: [
      ...unseen,
      ...unreadOfPools(machine),
      ...exported.flatMap(({ shown, as }) => ('unread' in as ? unclearWords(shown) : [])),
      ...unknownLines.map((line) => `a line of the mount table: ${JSON.stringify(line)}`),
    ],
  }
}

/** Writes a description as a file whose comments say what is not in it. */
export const exportText = ({ configuration, leftOut, unread }: MachineExport): string => {
  const comments = [
    "what this machine has, as 'hugepool export' found it",
    ...leftOut.map((words) => `left out: ${words}`),
    ...unread.map((words) => `not read: ${words}`),
  ]
  const lines = comments.map((words) => `# ${visible(words)}\n`)
  return `${lines.join('')}\n${printConfiguration(configuration)}`
}
