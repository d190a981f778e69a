import type { Assignment } from '../words/assignment.ts'
import type { Bytes } from '../words/bytes.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import type { BootMachine } from './boot-machine.ts'
import type { KernelSeries } from './kernel-series.ts'

/** Memory that is to be an area of CMA, on nodes or wherever the kernel has it. */
export interface CmaRequest {
  /** As it was typed, for errors. */
  readonly text: string
  /** All of it, also where nodes are named. */
  readonly total: Bytes
  readonly nodes?: ReadonlyMap<NodeId, Bytes>
}

/** What a kernel command line is to bring. */
export interface LineRequest {
  /** Pages by size, `1G=0:2,1:2` or `2M=512`. A size that is not named has none. */
  readonly assignments: readonly Assignment[]
  /** Without it the line names no default, and the kernel takes its usual size. */
  readonly defaultSize?: PageSize
  /** Whether page structs of huge pages are freed. Without it the line says nothing of it. */
  readonly freeVmemmap?: boolean
  readonly cma?: CmaRequest
  /** The memory that has to remain; without it the default margin of a start. */
  readonly leave?: Bytes
  /**
   * The line as it is, whose other words remain. They are only looked at for what does not go
   * together with ours.
   */
  readonly beside?: string
}

/** For which kernel a line is made, and on which machine it starts. */
export interface LineTarget {
  readonly series: KernelSeries
  readonly machine: BootMachine
}
