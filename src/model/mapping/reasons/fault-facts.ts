import type { Pool } from '../../pools/machine.ts'
import type { CgroupLimits } from '../../processes/cgroup-limit.ts'
import type { ProcessSpace } from '../../processes/process-identity.ts'
import type { Bytes } from '../../words/bytes.ts'
import type { Pages } from '../../words/count.ts'
import type { FailureReason } from '../../words/failure-reason.ts'
import type { NodeId } from '../../words/node-list.ts'
import type { PageSize } from '../../words/page-size.ts'
import type { Policy } from '../../words/policy.ts'

/** The hugetlbfs mount that a file lies on. */
export interface MountRoom {
  readonly target: string
  /** The bytes that the size limit leaves; absent without a limit. */
  readonly free?: Bytes
  /**
   * The bytes left of min_size, which are reserved for files on the mount. Reservations of other
   * mappings are included.
   */
  readonly least?: Bytes
}

/** The state of the machine when it refused a page or a mapping. */
export interface FaultFacts {
  readonly size: PageSize
  readonly pool: Pool
  readonly noreserve: boolean
  /**
   * True where the page was to be a copy of one that is shared after fork(2). Then `noreserve` is
   * true as well.
   */
  readonly isCopy?: true
  /** The number of pages that this mapping still wanted. */
  readonly wanted: Pages
  /** The pages that the test wants in the mappings that come after this one. */
  readonly later?: readonly { readonly pages: Pages; readonly policy?: Policy }[]
  readonly policy?: Policy
  /** The nodes that the cpuset allows. */
  readonly allowedNodes?: readonly NodeId[]
  /** The nodes that have memory; absent where the kernel shows no nodes. */
  readonly memoryNodes?: readonly NodeId[]
  readonly limits: CgroupLimits
  /** Whether RLIMIT_AS or RLIMIT_DATA is set, or cannot be read. */
  readonly isSpaceLimited: boolean
  /** How many mappings the process has and may have; absent unless a mapping was refused. */
  readonly space?: Pick<ProcessSpace, 'mappings' | 'mostMappings'>
  /**
   * The bytes that the machine could still allocate; absent where the kernel does not show them.
   */
  readonly memory?: Bytes
  /** Whether this kernel allows an overcommit of pages of this size. */
  readonly canOvercommit: boolean
  readonly mount?: MountRoom
  /** The present size of the file in bytes, and the size that the page needs. */
  readonly file?: { readonly bytes: Bytes; readonly needed: Bytes }
}

/** The reason for a failure, as one of `failureReasons` and in words, and advice that helps. */
export interface Reason {
  readonly reason: FailureReason
  readonly why: string
  readonly advice: readonly string[]
}

/** The advice for a mount whose size limit is used up. */
export const largerMount = `mount anew with a larger --size, which takes away the files of the old mount: 'hugepool mounts' shows the limits`

/**
 * Returns the only nodes that pages may come from; undefined where any node may give them. A node
 * without memory gives none, and no cpuset has it (cpuset_init_smp in kernel/cgroup/cpuset.c), so a
 * cpuset without it confines nothing.
 */
export const boundNodes = ({
  policy,
  allowedNodes,
  memoryNodes,
  pool,
}: Pick<FaultFacts, 'policy' | 'allowedNodes' | 'memoryNodes' | 'pool'>):
  | readonly NodeId[]
  | undefined => {
  const bound = policy?.mode === 'bind' ? policy.nodes : undefined
  if (allowedNodes === undefined) return bound
  const nodes = bound ?? memoryNodes ?? pool.nodes.map(({ node }) => node)
  const left = nodes.filter((node) => allowedNodes.includes(node))
  return bound === undefined && left.length === nodes.length ? undefined : left
}

/** Returns a clause that says what binds a mapping to its nodes; it follows their names. */
export const boundWords = ({
  policy,
  ...facts
}: Pick<FaultFacts, 'policy' | 'allowedNodes' | 'memoryNodes' | 'pool'>): string => {
  if (policy?.mode !== 'bind') return 'to which the cpuset confines it'
  const left = boundNodes({ policy, ...facts })
  return left?.length === policy.nodes.length
    ? 'to which the mapping is bound'
    : 'to which the policy and the cpuset confine it'
}

export const freeOn = (pool: Pool, nodes: readonly NodeId[]): Pages =>
  pool.nodes.filter(({ node }) => nodes.includes(node)).reduce((sum, { free }) => sum + free, 0n)

/** Returns the pages that are still wanted, with those of the mappings that come after this one. */
export const wantedInAll = ({ wanted, later = [] }: FaultFacts): Pages =>
  later.reduce((sum, { pages }) => sum + pages, wanted)

/** Returns the memory of all these pages. */
export const bytesWanted = (facts: FaultFacts): Bytes => facts.size * wantedInAll(facts)
