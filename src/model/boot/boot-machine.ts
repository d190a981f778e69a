import type { Bytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'

/** A node as a kernel finds it when it starts. */
export interface BootNode {
  readonly node: NodeId
  /** The memory of the node, in bytes; 0 where it has processors only. */
  readonly memory: Bytes
  /**
   * How many pages of a gigantic size fit, where more is known of that than the size of the memory
   * tells.
   */
  readonly fits?: ReadonlyMap<PageSize, Pages>
}

/** The machine that a kernel starts on. */
export interface BootMachine {
  /** The sizes that the processor has, in any order. */
  readonly sizes: readonly PageSize[]
  /** The default page size where the line names none: HPAGE_SIZE. */
  readonly usualSize: PageSize
  /** The largest block of the buddy allocator, in bytes. Larger pages are gigantic. */
  readonly largestBlock: Bytes
  /** The nodes that are online, in the order of their ids. */
  readonly nodes: readonly BootNode[]
  readonly cpus: number
  /** How many words of pages the early table holds: 2 * HUGE_MAX_HSTATE + 1. */
  readonly wordsKept: number
  /**
   * How many characters of a line the kernel keeps: COMMAND_LINE_SIZE - 1. It drops the rest
   * silently. Absent where it keeps all.
   */
  readonly lineKept?: number
  /** Whether the kernel was built with CONFIG_CMA. */
  readonly hasCma: boolean
  /** Whether the kernel was built to free the page structs of huge pages: hugetlb_free_vmemmap. */
  readonly hasFreeVmemmap: boolean
  /** The architecture that is asked about; absent for that of this machine. */
  readonly architecture?: string
}

/** Names what has the sizes and nodes, as the subject of a sentence. */
export const machineWords = ({ architecture }: BootMachine): string =>
  architecture ?? 'this machine'

/** Returns the nodes that pages can come from. */
export const nodesWithMemory = ({ nodes }: BootMachine): readonly BootNode[] =>
  nodes.filter(({ memory }) => memory > 0n)
