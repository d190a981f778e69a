import {
  type BootArchitecture,
  bootArchitectureOf,
  lineKeptBy,
  wordsKeptBy,
} from '../../model/boot/boot-architectures.ts'
import type { BootMachine, BootNode } from '../../model/boot/boot-machine.ts'
import { type KernelSeries, parseSeries } from '../../model/boot/kernel-series.ts'
import { basePagesOf } from '../../model/words/architecture-sizes.ts'
import { formatBytes } from '../../model/words/bytes.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { readBasePage } from '../pools/base-page.ts'
import { readLargestBlock } from '../pools/buddyinfo.ts'
import { type Meminfo, readMeminfo } from '../pools/meminfo.ts'
import { readNodes } from '../pools/nodes.ts'
import { readPageSizes } from '../pools/pools.ts'
import { readArchitecture } from '../read-architecture.ts'
import { readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** Counts the processors of a list such as `0-3,5`; one where the file is missing. */
const countCpus = (list: string): number => {
  const ranges = [...list.matchAll(/(\d+)(?:-(\d+))?/g)]
  const counts = ranges.map(([, first, last = first]) => Number(last) - Number(first) + 1)
  return counts.reduce((sum, count) => sum + count, 0) || 1
}

/** Reads the nodes, with all their memory, for it is free at a start. Without NUMA there is one. */
const readBootNodes = (tree: Tree, meminfo: Meminfo): readonly BootNode[] => {
  const nodes = readNodes(tree)
  return nodes.length === 0
    ? [{ node: 0, memory: meminfo.get('MemTotal') ?? 0n }]
    : nodes.map(({ id, memory }) => ({ node: id, memory: memory?.total ?? 0n }))
}

/**
 * Returns HPAGE_SIZE. Where the kind of kernel is not known, that is the present default size,
 * though the command line may have set it.
 */
const usualSizeOf = (
  kind: BootArchitecture | undefined,
  sizes: readonly PageSize[],
  meminfo: Meminfo,
): PageSize => kind?.sizes[0] ?? meminfo.get('Hugepagesize') ?? sizes[0] ?? 0n

/** Names the architecture, with its base page where its kernels have different ones. */
const architectureWords = ({ architecture, basePage }: BootArchitecture): string =>
  basePagesOf(architecture).length > 1
    ? `${architecture} with base pages of ${formatBytes(basePage)}`
    : architecture

/**
 * Reads what a kernel that starts on this machine would find: with its own page sizes, or with
 * those of another kind of kernel.
 */
export const readBootMachine = (tree: Tree, other?: BootArchitecture): BootMachine => {
  const meminfo = readMeminfo(tree)
  const sizes = other?.sizes ?? readPageSizes(tree)
  const basePage = other?.basePage ?? readBasePage(tree, sizes)
  const architecture = readArchitecture(tree)
  const kind = other ?? bootArchitectureOf(present({ sizes, basePage, architecture }))
  return {
    sizes,
    usualSize: usualSizeOf(kind, sizes, meminfo),
    largestBlock: other ? other.basePage << other.largestOrder : readLargestBlock(tree, sizes),
    nodes: readBootNodes(tree, meminfo),
    cpus: countCpus(readIfReadable(tree, '/sys/devices/system/cpu/online') ?? ''),
    wordsKept: wordsKeptBy(kind),
    lineKept: lineKeptBy(kind),
    // The line is there with CONFIG_CMA alone (fs/proc/meminfo.c).
    hasCma: meminfo.has('CmaTotal'),
    hasFreeVmemmap: kind?.freesVmemmap ?? true,
    ...present({ architecture: other && architectureWords(other) }),
  }
}

/** Reads the series of the running kernel; undefined where osrelease cannot be read. */
export const readKernelSeries = (tree: Tree): KernelSeries | undefined =>
  parseSeries(readIfReadable(tree, '/proc/sys/kernel/osrelease') ?? '')

/** Reads the line that the running kernel was started with; undefined where it cannot be read. */
export const readKernelLine = (tree: Tree): string | undefined =>
  readIfReadable(tree, '/proc/cmdline')?.trimEnd()
