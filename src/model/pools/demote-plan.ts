import { unsupported, usage } from '../../errors.ts'
import type { Assignment } from '../words/assignment.ts'
import { ascending } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId, NodeSelection } from '../words/node-list.ts'
import { formatSize, type PageSize, type SizeWord } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { attributePath } from './attributes.ts'
import { type DemotePart, partsOf } from './demote-steps.ts'
import { type Counters, findPool, type Machine, type Pool } from './machine.ts'
import { expandAssignments, type Wanted } from './pool-counts.ts'
import { placeOf } from './pool-plan.ts'

export interface DemoteRequest {
  readonly assignments: readonly Assignment[]
  readonly nodes?: NodeSelection
  readonly to?: SizeWord
  /** Split nothing unless all pages asked for can be split. */
  readonly all: boolean
}

/** Splitting pages of one pool into pages of another. `demote_size` is one setting per pool. */
export interface DemoteTask {
  readonly size: PageSize
  readonly to: PageSize
  readonly sizePath: string
  /** What `demote_size` says now, where that differs from `to`. */
  readonly putBack?: PageSize
  readonly parts: readonly DemotePart[]
}

/** Writes a size as the kernel prints it. */
export const kilobytesOf = (size: PageSize): string => `${size / 1024n}kB`

const targetOf = (machine: Machine, pool: Pool, to: SizeWord | undefined): PageSize => {
  const size = formatSize(pool.size)
  if (pool.demoteSize === undefined)
    throw unsupported(
      `${size} pages cannot be split here`,
      'the kernel needs 5.16 or later, and a smaller page size to split into',
    )
  if (to === undefined) return pool.demoteSize
  const target = findPool(machine.pools, to)
  if (target.size >= pool.size)
    throw usage(`${size} pages cannot be split into ${formatSize(target.size)} pages`)
  return target.size
}

const gain = <Gaining extends Counters>(counters: Gaining, pages: Pages): Gaining => ({
  ...counters,
  total: counters.total + pages,
  free: counters.free + pages,
})

/** The pools once a task is done: what it splits can be split further by the next one. */
const afterTask = (pools: readonly Pool[], { size, to, parts }: DemoteTask): readonly Pool[] =>
  pools.map((pool) => {
    if (pool.size !== to) return pool
    const made = (pages: Pages) => (pages * size) / to
    const onNode = (node: NodeId) => parts.find((part) => part.node === node)?.splittable ?? 0n
    const all = parts.reduce((sum, part) => sum + part.splittable, 0n)
    const nodes = pool.nodes.map((one) => gain(one, made(onNode(one.node))))
    return { ...gain(pool, made(all)), nodes }
  })

const taskOf = (
  machine: Machine,
  size: PageSize,
  wanted: readonly Wanted[],
  request: DemoteRequest,
): DemoteTask => {
  const pool = findPool(machine.pools, size)
  const to = targetOf(machine, pool, request.to)
  const ofPool = wanted.filter((one) => one.pool.size === size).map((one) => ({ ...one, pool }))
  return present({
    size,
    to,
    sizePath: attributePath('demote_size', size),
    putBack: pool.demoteSize === to ? undefined : pool.demoteSize,
    parts: partsOf(pool, ofPool, request.all),
  })
}

/**
 * What a demote would write, larger pages first. Throws E_UNSUPPORTED for a pool without demote,
 * E_USAGE for a count or target that makes no sense, E_REFUSED where no page can be split.
 */
export const planDemote = (machine: Machine, request: DemoteRequest): readonly DemoteTask[] => {
  const wanted = expandAssignments(machine, request.assignments, request.nodes)
  const sizes = [...new Set(wanted.map(({ pool }) => pool.size))]
  const largestFirst = sizes.sort((a, b) => ascending(b, a))
  const tasks: DemoteTask[] = []
  let { pools } = machine
  for (const size of largestFirst) {
    const task = taskOf({ ...machine, pools }, size, wanted, request)
    pools = afterTask(pools, task)
    tasks.push(task)
  }
  return tasks
}

/** A number of pages, or a size as the kernel prints it. */
export interface DemoteWrite {
  readonly path: string
  readonly value: Pages | string
}

/** The writes of a demote, in order. */
export const demoteWrites = (tasks: readonly DemoteTask[]): readonly DemoteWrite[] =>
  tasks.flatMap(({ sizePath, to, putBack, parts }) => {
    const writes = parts
      .filter(({ splittable }) => splittable > 0n)
      .map(({ path, splittable }): DemoteWrite => ({ path, value: splittable }))
    if (putBack === undefined || writes.length === 0) return writes
    const set = { path: sizePath, value: kilobytesOf(to) }
    return [set, ...writes, { path: sizePath, value: kilobytesOf(putBack) }]
  })

/** Where a real run would be partial, in words. */
export const fewerWords = (tasks: readonly DemoteTask[]): readonly string[] =>
  tasks.flatMap(({ size, parts }) =>
    parts
      .filter(({ requested, splittable }) => splittable < requested)
      .map(({ node, requested, splittable }) => {
        const place = placeOf(present({ size, node }))
        return `${place}: only ${splittable} of ${requested} can be split`
      }),
  )
