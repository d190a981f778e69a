import type { Assignment } from '../words/assignment.ts'
import type { Bytes } from '../words/bytes.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import type { BootMachine } from './boot-machine.ts'
import type { KernelSeries } from './kernel-series.ts'

/** Memory that is to be an area of CMA, on nodes or wherever the kernel has it. */
export interface CmaRequest {
  /** The text as it was typed, for errors. */
  readonly text: string
  /** The bytes on all nodes together, also where nodes are named. */
  readonly total: Bytes
  readonly nodes?: ReadonlyMap<NodeId, Bytes>
}

/** What a kernel command line is to bring. */
export interface LineRequest {
  /** The pages by size, as in `1G=0:2,1:2` or `2M=512`. A size that is not named has none. */
  readonly assignments: readonly Assignment[]
  /** The default page size; without it the line names none, and the kernel takes its usual one. */
  readonly defaultSize?: PageSize
  /**
   * Whether the kernel frees page structs of huge pages; without it the line says nothing of that.
   */
  readonly freeVmemmap?: boolean
  readonly cma?: CmaRequest
  /** The bytes of memory that have to remain; without it the default margin of a start counts. */
  readonly leave?: Bytes
  /**
   * The line as it is, whose other words remain. They are only searched for what does not go
   * together with the new words.
   */
  readonly beside?: string
}

/** The kernel for which a line is made, and the machine that it starts on. */
export interface LineTarget {
  readonly series: KernelSeries
  readonly machine: BootMachine
}
