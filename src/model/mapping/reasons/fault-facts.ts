import type { Pool } from '../../pools/machine.ts'
import type { GroupLimits } from '../../processes/group-limit.ts'
import type { Bytes } from '../../words/bytes.ts'
import type { Pages } from '../../words/count.ts'
import type { NodeId } from '../../words/node-list.ts'
import type { PageSize } from '../../words/page-size.ts'
import type { Policy } from '../../words/policy.ts'

/** The hugetlbfs that a file lies on. */
export interface MountRoom {
  readonly target: string
  /** What its limit leaves; absent without a limit. */
  readonly free?: Bytes
  /** What is left of its min_size, reserved for files on it; reservations of others are in it. */
  readonly least?: Bytes
}

/** What can be seen of a machine at the moment when it refused a page or a mapping. */
export interface FaultFacts {
  readonly size: PageSize
  readonly pool: Pool
  readonly noreserve: boolean
  /** Pages that were still wanted. */
  readonly wanted: Pages
  readonly policy?: Policy
  /** Nodes that the cpuset allows. */
  readonly allowedNodes?: readonly NodeId[]
  readonly limits: GroupLimits
  /** Whether RLIMIT_AS or RLIMIT_DATA are set, or cannot be seen. */
  readonly isSpaceLimited: boolean
  /** Bytes that the machine could still allocate; absent where the kernel does not say. */
  readonly memory?: Bytes
  /** Whether this kernel takes an overcommit of pages of this size. */
  readonly canOvercommit: boolean
  readonly mount?: MountRoom
  /** Bytes of the file now, and those it would need. */
  readonly file?: { readonly bytes: Bytes; readonly needed: Bytes }
}

/** Why, and what helps. */
export interface Reason {
  readonly why: string
  readonly advice: readonly string[]
}

/** What helps where the size limit of a mount is used up. */
export const largerMount = `mount anew with a larger --size: 'hugepool mounts' shows the limits`

/** The only nodes that pages may come from; undefined where all may give them. */
export const boundNodes = ({
  policy,
  allowedNodes,
  pool,
}: Pick<FaultFacts, 'policy' | 'allowedNodes' | 'pool'>): readonly NodeId[] | undefined => {
  const bound = policy?.mode === 'bind' ? policy.nodes : undefined
  if (allowedNodes === undefined) return bound
  const nodes = bound ?? pool.nodes.map(({ node }) => node)
  const left = nodes.filter((node) => allowedNodes.includes(node))
  return bound === undefined && left.length === nodes.length ? undefined : left
}

export const freeOn = (pool: Pool, nodes: readonly NodeId[]): Pages =>
  pool.nodes.filter(({ node }) => nodes.includes(node)).reduce((sum, { free }) => sum + free, 0n)
