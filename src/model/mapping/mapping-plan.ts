import { usage } from '../../errors.ts'
import { findPool } from '../pools/machine.ts'
import type { Cpus } from '../processes/cpus.ts'
import { fewer, type Pages } from '../words/count.ts'
import type { PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { type CountedPart, countedParts, type MappingMachine } from './mapping-counts.ts'
import { type MappingRequest, type Sharing, sharingOf, type Via, viaOf } from './mapping-request.ts'
import { type TouchStep, touchSteps } from './touch-steps.ts'

/**
 * One mapping: the only one, or that of one node, for a memory policy applies to a whole mapping.
 */
export interface MappingPart extends CountedPart {
  /**
   * The CPUs that the threads are bound to: those of the mapping's node that this process may use.
   */
  readonly cpus?: readonly number[]
  readonly threads: number
}

/** What a test will do, known before it starts. */
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
  readonly touchSteps: readonly TouchStep[]
  readonly verify: boolean
  readonly frames: boolean
  /** The time that the pages are held, in milliseconds. */
  readonly hold?: number
  readonly processes: number
  readonly fork?: true
  readonly user?: string
  readonly group?: string
  readonly cgroup?: string
}

/**
 * Binds threads to the CPUs of the mapping's nodes: the CPU that touches a page clears it, and a
 * near CPU does so fastest.
 */
const mappingPart = (
  { pages, policy }: CountedPart,
  request: MappingRequest,
  cpus: Cpus,
): MappingPart => {
  const near = policy?.mode === 'bind' ? policy.nodes.flatMap(cpus.ofNode) : []
  const usable = near.filter((cpu) => cpus.allowed.includes(cpu))
  const most = usable.length > 0 ? usable.length : Math.max(cpus.allowed.length, 1)
  const threads = request.threads ?? most
  return present({
    pages,
    policy,
    cpus: usable.length > 0 ? usable : undefined,
    threads: Number(fewer(BigInt(threads), pages)),
  })
}

const pagesToTouch = (request: MappingRequest, pages: Pages): Pages => {
  const touch = request.touch ?? pages
  if (touch > pages)
    throw usage(`--touch ${touch}: only ${pages} ${pages === 1n ? 'page is' : 'pages are'} mapped`)
  return touch
}

/** Returns what is to be touched of the parts that begin at the page `from` or after it. */
export const pagesAfter = (
  { parts, touch }: Pick<MappingPlan, 'parts' | 'touch'>,
  from: Pages,
): readonly CountedPart[] => {
  let first = 0n
  return parts.flatMap(({ pages, policy }) => {
    const wanted = fewer(first + pages, touch) - first
    const isAfter = first >= from
    first += pages
    return isAfter && wanted > 0n ? [present({ pages: wanted, policy })] : []
  })
}

/**
 * Plans a test on this machine. Throws E_UNSUPPORTED for what the machine lacks and E_USAGE for
 * counts that make no sense. It does not check whether there are enough pages, because the kernel
 * decides that.
 */
export const planMapping = (
  machine: MappingMachine,
  request: MappingRequest,
  cpus: Cpus,
): MappingPlan => {
  const counted = countedParts(machine, request)
  const { size } = findPool(machine, request.assignment.size)
  const parts = counted.map((part) => mappingPart(part, request, cpus))
  const pages = parts.reduce((sum, part) => sum + part.pages, 0n)
  const touch = pagesToTouch(request, pages)
  const { path, mount, populate, noreserve, verify, frames, hold, processes } = request
  const { fork, user, group, cgroup } = request
  return present({
    size,
    pages,
    via: viaOf(request),
    sharing: sharingOf(request),
    path,
    mount,
    populate,
    noreserve,
    parts,
    touch,
    touchSteps: touchSteps({
      parts: parts.map((part) => part.pages),
      touch,
      processes,
      readOften: request.readOften,
    }),
    verify,
    frames,
    hold,
    processes,
    fork: fork ? (true as const) : undefined,
    user,
    group,
    cgroup,
  })
}
