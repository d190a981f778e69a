import { demotePool, setDemoteSize } from './fake-kernel-demote.ts'
import { systemError } from './fake-kernel-errors.ts'
import { parseSysctl, parseSysfs, unsigned } from './fake-kernel-numbers.ts'
import { resizePool } from './fake-kernel-resize.ts'
import {
  countsOn,
  type KernelState,
  memoryNodes,
  type PoolState,
  since,
  sum,
} from './fake-kernel-state.ts'

/** What is missing answers EACCES. `write` gets the text as write(2) does. */
export interface FakeFile {
  readonly read?: () => string
  readonly write?: (text: string) => void
}

export type NamedFile = readonly [path: string, file: FakeFile]

/** What tests turn while the kernel runs. */
export interface Controls {
  readonly policy: () => readonly number[] | undefined
  /** Most new pages for one write, by path or page size. */
  readonly growth: Map<string | bigint, bigint>
}

const line = (value: bigint | string): string => `${value}\n`

const mostNew = (controls: Controls, path: string, size: bigint): bigint | undefined => {
  const ofPath = controls.growth.get(path)
  const ofSize = controls.growth.get(size)
  if (ofPath === undefined || ofSize === undefined) return ofPath ?? ofSize
  return ofPath < ofSize ? ofPath : ofSize
}

const setOvercommit = (state: KernelState, pool: PoolState, count: bigint): void => {
  if (pool.gigantic && !since(state, '6.19')) throw systemError('EINVAL', 'write')
  pool.overcommit = count
}

const poolName = (pool: PoolState): string => `hugepages-${pool.size / 1024n}kB`

const demoteFiles = (
  state: KernelState,
  pool: PoolState,
  directory: string,
  node?: number,
): readonly NamedFile[] => {
  if (pool.demoteSize === undefined || !since(state, '5.16')) return []
  return [
    [`${directory}/demote`, { write: (text) => demotePool(state, pool, parseSysfs(text), node) }],
    [
      `${directory}/demote_size`,
      {
        read: () => line(`${(pool.demoteSize ?? 0n) / 1024n}kB`),
        write: (text) => setDemoteSize(state, pool, text),
      },
    ],
  ]
}

const globalPool = (state: KernelState, pool: PoolState, controls: Controls) => {
  const directory = `/sys/kernel/mm/hugepages/${poolName(pool)}`
  const resizer = (path: string, policed: boolean): NamedFile => [
    path,
    {
      read: () => line(sum(pool, 'total')),
      write: (text) => {
        const allowed = (policed ? controls.policy() : undefined) ?? memoryNodes(state)
        const limit = mostNew(controls, path, pool.size)
        resizePool(state, pool, { count: parseSysfs(text), allowed, mostNew: limit })
      },
    },
  ]
  const files: NamedFile[] = [
    resizer(`${directory}/nr_hugepages`, false),
    [
      `${directory}/nr_overcommit_hugepages`,
      {
        read: () => line(pool.overcommit),
        write: (text) => setOvercommit(state, pool, parseSysfs(text)),
      },
    ],
    [`${directory}/free_hugepages`, { read: () => line(sum(pool, 'free')) }],
    [`${directory}/resv_hugepages`, { read: () => line(unsigned(pool.reserved)) }],
    [`${directory}/surplus_hugepages`, { read: () => line(sum(pool, 'surplus')) }],
    ...demoteFiles(state, pool, directory),
  ]
  if (state.numa) files.push(resizer(`${directory}/nr_hugepages_mempolicy`, true))
  return files
}

const nodePool = (state: KernelState, pool: PoolState, node: number, controls: Controls) => {
  const directory = `/sys/devices/system/node/node${node}/hugepages/${poolName(pool)}`
  const path = `${directory}/nr_hugepages`
  const counts = countsOn(pool, node)
  const resizer: FakeFile = {
    read: () => line(counts.total),
    write: (text) => {
      const limit = mostNew(controls, path, pool.size)
      resizePool(state, pool, { count: parseSysfs(text), node, allowed: [node], mostNew: limit })
    },
  }
  const files: readonly NamedFile[] = [
    [path, resizer],
    [`${directory}/free_hugepages`, { read: () => line(counts.free) }],
    [`${directory}/surplus_hugepages`, { read: () => line(counts.surplus) }],
    ...demoteFiles(state, pool, directory, node),
  ]
  return files
}

/** The default size's pool once more; nr_hugepages reads the target and not the total here. */
const sysctls = (state: KernelState, pool: PoolState, controls: Controls): readonly NamedFile[] => {
  const parse = (text: string): bigint | undefined => parseSysctl(text, since(state, '5.17'))
  const resizer = (name: string, policed: boolean): NamedFile => {
    const path = `/proc/sys/vm/${name}`
    const write = (text: string): void => {
      const count = parse(text)
      const allowed = (policed ? controls.policy() : undefined) ?? memoryNodes(state)
      const limit = mostNew(controls, path, pool.size)
      if (count !== undefined) resizePool(state, pool, { count, allowed, mostNew: limit })
    }
    return [path, { read: () => line(pool.max), write }]
  }
  const overcommit: NamedFile = [
    '/proc/sys/vm/nr_overcommit_hugepages',
    {
      read: () => line(pool.overcommit),
      write: (text) => setOvercommit(state, pool, parse(text) ?? pool.overcommit),
    },
  ]
  const policed = state.numa ? [resizer('nr_hugepages_mempolicy', true)] : []
  return [resizer('nr_hugepages', false), overcommit, ...policed]
}

/** Before 6.1 a node without memory had no directory for its pools. */
const hasPoolDirectory = (state: KernelState, node: { readonly hasMemory: boolean }): boolean =>
  state.numa && (node.hasMemory || since(state, '6.1'))

/** Every file that shows or changes a pool. */
export const poolFiles = (state: KernelState, controls: Controls): readonly NamedFile[] => {
  const nodes = state.nodes.filter((node) => hasPoolDirectory(state, node))
  const ofDefault = state.pools.filter((pool) => pool.size === state.defaultSize)
  return [
    ...state.pools.flatMap((pool) => globalPool(state, pool, controls)),
    ...nodes.flatMap(({ id }) =>
      state.pools.flatMap((pool) => nodePool(state, pool, id, controls)),
    ),
    ...ofDefault.flatMap((pool) => sysctls(state, pool, controls)),
  ]
}
