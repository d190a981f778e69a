import type { Bytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'

/** What a kubelet says of the pools of this machine. */
export interface KubeletFacts {
  readonly pid: number
  /** The file of its memory manager. */
  readonly file: string
  /** The file of its configuration. */
  readonly config: string
  /**
   * The memory in pools that it counted when it started, by page size; absent where its file says
   * nothing of them, as with the policy None.
   */
  readonly counted?: ReadonlyMap<PageSize, Bytes>
  /** The memory in pools that it keeps from pods; absent where its configuration cannot be read. */
  readonly kept?: ReadonlyMap<PageSize, Bytes>
}
