import { refused, unsupported, usage } from '../errors.ts'
import { fewer, type Pages } from './count.ts'
import { available, countersOf, findNode, findPool, type Machine, memoryFor } from './machine.ts'
import { type MappingRequest, type Sharing, sharingOf, type Via, viaOf } from './mapping-request.ts'
import type { NodeId } from './node-list.ts'
import { formatSize, type PageSize } from './page-size.ts'
import { placeOf } from './plan.ts'
import type { Policy } from './policy.ts'
import { expandAssignments, resolveCount, type Wanted } from './targets.ts'
import { type Segment, segmentsOf } from './touch-segments.ts'

/** One mapping: all of them, or those of a node, for a policy holds for a whole mapping. */
export interface MappingPart {
  readonly pages: Pages
  /** What the thread is under that maps and touches it. */
  readonly policy?: Policy
  /** CPUs that its threads are bound to: those of its node, as far as this process may use them. */
  readonly cpus?: readonly number[]
  readonly threads: number
}

/** Everything a test does, before it does it. */
export interface MappingPlan {
  readonly size: PageSize
  readonly pages: Pages
  readonly via: Via
  readonly sharing: Sharing
  readonly path?: string
  readonly mount?: string
  readonly populate: boolean
  readonly noreserve: boolean
  readonly parts: readonly MappingPart[]
  readonly touch: Pages
  readonly segments: readonly Segment[]
  readonly verify: boolean
  readonly frames: boolean
  /** Milliseconds. */
  readonly hold?: number
  readonly processes: number
}

/** CPUs that this process may run on, and those of each node. */
export interface Cpus {
  readonly allowed: readonly number[]
  readonly ofNode: (node: NodeId) => readonly number[]
}

/** An address of user space has 47 bits on most processors, and a double counts 53. */
const mostBytes = 2n ** 52n

/** `max` is what the pool can promise now; a node has no reservations of its own to subtract. */
const mostOf = ({ pool, node }: Wanted): Pages => {
  const promised = available(pool) ?? pool.free
  return node === undefined ? promised : fewer(promised, countersOf(pool, node).free)
}

const pagesOf = (machine: Machine, wanted: Wanted): Pages => {
  const { pool, node } = wanted
  const memory = memoryFor(machine, node)
  const pages = resolveCount(wanted, 0n, memory) ?? mostOf(wanted)
  const place = placeOf({ size: pool.size, ...(node !== undefined && { node }) })
  if (pages === 0n)
    throw wanted.count.kind === 'max'
      ? refused(`${place}: no page is available`, `'hugepool resize ${formatSize(pool.size)}=+1'`)
      : usage(`${place}: no page is no mapping`)
  if (pages * pool.size > mostBytes) throw usage(`${place}: ${pages} pages fit no address space`)
  return pages
}

const checkNodes = (machine: Machine, nodes: readonly NodeId[]): void => {
  for (const node of nodes)
    if (!findNode(machine, node).hasMemory) throw unsupported(`node ${node} has no memory`)
}

const policyOf = ({ node }: Wanted, { policy }: MappingRequest): Policy | undefined =>
  node === undefined ? policy : { mode: 'bind', nodes: [node] }

/** A page is cleared by the CPU that touches it: best by one that is near to it. */
const partOf = (machine: Machine, wanted: Wanted, request: MappingRequest, cpus: Cpus) => {
  const pages = pagesOf(machine, wanted)
  const policy = policyOf(wanted, request)
  if (policy) checkNodes(machine, policy.nodes)
  const near = policy?.mode === 'bind' ? policy.nodes.flatMap(cpus.ofNode) : []
  const usable = near.filter((cpu) => cpus.allowed.includes(cpu))
  const most = usable.length > 0 ? usable.length : Math.max(cpus.allowed.length, 1)
  const threads = request.threads ?? most
  return {
    pages,
    ...(policy && { policy }),
    ...(usable.length > 0 && { cpus: usable }),
    threads: BigInt(threads) > pages ? Number(pages) : threads,
  }
}

const touchOf = (request: MappingRequest, pages: Pages): Pages => {
  const touch = request.touch ?? pages
  if (touch > pages)
    throw usage(`--touch ${touch}: only ${pages} ${pages === 1n ? 'page is' : 'pages are'} mapped`)
  return touch
}

/**
 * What a test would do on this machine. Throws E_UNSUPPORTED for what the machine lacks, E_USAGE
 * for counts that make no sense. Whether there are pages is for the kernel to say.
 */
export const planMapping = (machine: Machine, request: MappingRequest, cpus: Cpus): MappingPlan => {
  const wanted = expandAssignments(machine, [request.assignment], request.nodes)
  const { size } = findPool(machine.pools, request.assignment.size)
  const parts = wanted.map((one) => partOf(machine, one, request, cpus))
  const pages = parts.reduce((sum, part) => sum + part.pages, 0n)
  const touch = touchOf(request, pages)
  const { path, mount, populate, noreserve, verify, frames, hold, processes } = request
  return {
    size,
    pages,
    via: viaOf(request),
    sharing: sharingOf(request),
    ...(path !== undefined && { path }),
    ...(mount !== undefined && { mount }),
    populate,
    noreserve,
    parts,
    touch,
    segments: segmentsOf({
      parts: parts.map((part) => part.pages),
      touch,
      processes,
      everyStep: request.everyStep,
    }),
    verify,
    frames,
    ...(hold !== undefined && { hold }),
    processes,
  }
}
