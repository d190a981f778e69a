import { G, M } from '../sizes.ts'
export interface FakeNode {
  readonly id: number
  /** MemTotal in bytes. */
  readonly memory?: bigint
  /** MemFree in bytes, once the initial pools are taken; default: all that they leave. */
  readonly free?: bigint
  readonly hasMemory?: boolean
  /** Part of the free memory that serves no huge page before it is compacted. */
  readonly fragmentedBytes?: bigint
}

export interface FakePool {
  readonly size: bigint
  /** Pages by node id. */
  readonly persistent?: Readonly<Record<number, bigint>>
  readonly overcommit?: bigint
}

export interface FakeKernelOptions {
  readonly nodes?: readonly FakeNode[]
  /** Page sizes in bytes; none stands for a kernel without HugeTLB. */
  readonly sizes?: readonly bigint[]
  readonly defaultSize?: bigint
  /** HUGETLB_PAGE_ORDER in bytes: no smaller size can be written to demote_size. */
  readonly smallestDemoteSize?: bigint
  readonly gigantic?: readonly bigint[]
  readonly release?: string
  readonly memsAllowed?: readonly number[]
  readonly numa?: boolean
  readonly pools?: readonly FakePool[]
  readonly basePage?: bigint
}

export interface NodeState {
  readonly id: number
  readonly memory: bigint
  readonly hasMemory: boolean
  free: bigint
  fragmented: bigint
}

export interface Counts {
  total: bigint
  free: bigint
  surplus: bigint
}

export type Cursor = 'alloc' | 'free'

export interface PoolState {
  readonly size: bigint
  readonly gigantic: boolean
  readonly nodes: ReadonlyMap<number, Counts>
  /** next_nid_to_alloc and next_nid_to_free: where the last round ended. */
  readonly cursors: Record<Cursor, number>
  /** Signed here; it reads wrapped. */
  reserved: bigint
  overcommit: bigint
  /** max_huge_pages: the persistent pages after the last change, which the sysctl reads. */
  max: bigint
  demoteSize: bigint | undefined
}

export interface KernelState {
  readonly nodes: readonly NodeState[]
  /** Largest size first. */
  readonly pools: readonly PoolState[]
  readonly defaultSize: bigint | undefined
  readonly smallestDemoteSize: bigint
  readonly release: string
  readonly memsAllowed: readonly number[]
  readonly numa: boolean
  readonly basePage: bigint
}

export const bySize = (a: bigint, b: bigint): number => Number(a > b) - Number(a < b)

/** Whether this kernel is `release` or later; both are like `6.12` or `6.12.3-amd64`. */
export const since = (state: KernelState, release: string): boolean => {
  const [major = 0, minor = 0] = state.release.split(/[.-]/).map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = release.split('.').map(Number)
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

export const sum = (pool: PoolState, count: keyof Counts): bigint =>
  [...pool.nodes.values()].reduce((all, counts) => all + counts[count], 0n)

export const persistent = (pool: PoolState): bigint => sum(pool, 'total') - sum(pool, 'surplus')

export const countsOn = (pool: PoolState, node: number): Counts => {
  const counts = pool.nodes.get(node)
  if (counts === undefined) throw new Error(`the fake kernel has no node ${node}`)
  return counts
}

export const poolOf = (state: KernelState, size: bigint): PoolState => {
  const found = state.pools.find((pool) => pool.size === size)
  if (found === undefined) throw new Error(`the fake kernel has no pages of ${size} bytes`)
  return found
}

/** Node ids of N_MEMORY. */
export const memoryNodes = (state: KernelState): readonly number[] =>
  state.nodes.filter((node) => node.hasMemory).map((node) => node.id)

const createNode = (node: FakeNode, pooled: bigint): NodeState => {
  const hasMemory = node.hasMemory ?? node.memory !== 0n
  const memory = hasMemory ? (node.memory ?? 16n * G) : 0n
  const free = hasMemory ? (node.free ?? memory - pooled) : 0n
  const fragmented = node.fragmentedBytes ?? 0n
  if (free < fragmented || free + pooled > memory)
    throw new Error(`node ${node.id}: more than its memory is free, fragmented or pooled`)
  return { id: node.id, memory, hasMemory, free, fragmented }
}

const createPool = (
  size: bigint,
  sizes: readonly bigint[],
  nodes: readonly number[],
  options: FakeKernelOptions,
): PoolState => {
  const initial = options.pools?.find((pool) => pool.size === size)
  const counts = nodes.map((id): readonly [number, Counts] => {
    const total = initial?.persistent?.[id] ?? 0n
    return [id, { total, free: total, surplus: 0n }]
  })
  const first = nodes[0] ?? 0
  return {
    size,
    gigantic: options.gigantic?.includes(size) ?? size >= G,
    nodes: new Map(counts),
    cursors: { alloc: first, free: first },
    reserved: 0n,
    overcommit: initial?.overcommit ?? 0n,
    max: counts.reduce((all, [, { total }]) => all + total, 0n),
    demoteSize: sizes.filter((other) => other < size).at(-1),
  }
}

/** Bytes that the initial pools take from a node. */
const pooledOn = (id: number, pools: readonly FakePool[]): bigint =>
  pools.reduce((all, { size, persistent }) => all + size * (persistent?.[id] ?? 0n), 0n)

export const createState = (options: FakeKernelOptions): KernelState => {
  const given = [...(options.nodes ?? [{ id: 0 }])].sort((a, b) => a.id - b.id)
  const sizes = [...(options.sizes ?? [2n * M, G])].sort(bySize)
  const ids = given.map((node) => node.id)
  const usual = sizes.includes(2n * M) ? 2n * M : sizes[0]
  const defaultSize = options.defaultSize ?? usual
  return {
    nodes: given.map((node) => createNode(node, pooledOn(node.id, options.pools ?? []))),
    pools: sizes.map((size) => createPool(size, sizes, ids, options)).reverse(),
    defaultSize,
    smallestDemoteSize: options.smallestDemoteSize ?? usual ?? 0n,
    release: options.release ?? '6.12',
    memsAllowed: options.memsAllowed ?? ids,
    numa: options.numa ?? true,
    basePage: options.basePage ?? 4096n,
  }
}
