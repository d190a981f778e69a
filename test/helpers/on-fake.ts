import type { StopSignal } from '../../src/errors.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import type { Mapper } from '../../src/kernel/mapping/mapper.ts'
import type { Native } from '../../src/kernel/native/native.ts'
import type { SignalNotes } from '../../src/output/streams.ts'
import { caught, type Result } from './caught.ts'
import type { Action, Cells, Subject } from './counters-table.ts'
import type { FakeKernel, Mapping } from './fake-kernel/fake-kernel.ts'
import { nativeOf } from './fake-native.ts'

/** The directory of a pool by its size in kB, of the machine or of a node. */
export const poolAt = (kilobytes: number, node?: number): string => {
  const parent = node === undefined ? '/sys/kernel/mm' : `/sys/devices/system/node/node${node}`
  return `${parent}/hugepages/hugepages-${kilobytes}kB`
}

export const global2M = poolAt(2048)
export const global1G = poolAt(1048576)
export const node2M = (node: number): string => poolAt(2048, node)
export const node1G = (node: number): string => poolAt(1048576, node)

export const number = (kernel: FakeKernel, path: string): number => Number(kernel.read(path))

/** Total, free, reserved and surplus pages of a pool. */
export const cellsOf = (kernel: FakeKernel, directory: string): Cells => [
  number(kernel, `${directory}/nr_hugepages`),
  number(kernel, `${directory}/free_hugepages`),
  number(kernel, `${directory}/resv_hugepages`),
  number(kernel, `${directory}/surplus_hugepages`),
]

/** Total pages on each node, surplus included. */
export const totals = (kernel: FakeKernel, nodes: readonly number[] = [0, 1]): readonly number[] =>
  nodes.map((node) => number(kernel, `${node2M(node)}/nr_hugepages`))

/** A pool of a fake for the table of counters; `set` carries out what sets a number. */
export const subjectOf = (
  kernel: FakeKernel,
  size: bigint,
  set: (attribute: 'persistent' | 'overcommit', pages: number) => void | Promise<void>,
): Subject & { counters(): Cells } => {
  const mappings = new Map<string, Mapping>()
  const act = (action: Action) => {
    if (action.do === 'map')
      mappings.set(action.name, kernel.map(size, BigInt(action.pages), action))
    else if (action.do === 'touch') mappings.get(action.name)?.touch(BigInt(action.pages))
    else if (action.do === 'unmap') mappings.get(action.name)?.unmap()
    else return set(action.do, action.pages)
    return undefined
  }
  return { act, counters: () => cellsOf(kernel, poolAt(Number(size / 1024n))) }
}

const shortPath = (path: string): string =>
  path.replace(
    /.*\/(?:(node\d+)\/hugepages|mm\/hugepages)\/hugepages-(\d+)kB\//,
    (_, node, size) => `${node === undefined ? '' : `${node} `}${size}kB `,
  )

/** Writes as `1048576kB nr_hugepages=2` or `node1 2048kB nr_hugepages=3`, since `from`. */
export const writesOf = (kernel: FakeKernel, from = 0): readonly string[] =>
  kernel.writes.slice(from).map(({ path, value }) => `${shortPath(path)}=${value}`)

export interface FakeOptions {
  readonly native?: Native
  readonly mapper?: Mapper
  readonly clock?: Clock
  readonly watchSignals?: () => SignalNotes
  /** Whether stderr is a terminal; stdout is none. */
  readonly terminal?: boolean
  /** Is called with each text for stderr as it comes. */
  readonly heard?: (text: string) => void
}

/**
 * A signal that comes during the n-th write. As on a real machine it is noted in the next turn of the
 * event loop, and not before.
 */
export const signalDuringWrite = (
  kernel: FakeKernel,
  nth: number,
  signal: StopSignal = 'SIGINT',
): Required<Pick<FakeOptions, 'watchSignals'>> => {
  let noted = nth === 0 ? signal : undefined
  const { write } = kernel
  kernel.write = (path, value) => {
    try {
      write(path, value)
    } finally {
      if (kernel.writes.length === nth)
        setImmediate(() => {
          noted = signal
        })
    }
  }
  return { watchSignals: () => ({ pending: () => noted, end: () => {} }) }
}

/** Runs a command line, its words divided by single spaces, on a fake kernel. */
export const onFake = async (
  kernel: FakeKernel,
  line: string | readonly string[],
  around: FakeOptions = {},
): Promise<Result> =>
  caught(
    typeof line === 'string' ? line.split(' ') : line,
    { outIsTerminal: false, errIsTerminal: around.terminal ?? false, environment: {} },
    {
      tree: kernel,
      native: around.native ?? nativeOf(kernel),
      mapper: around.mapper,
      clock: around.clock,
      watchSignals: around.watchSignals ?? (() => ({ pending: () => undefined, end: () => {} })),
    },
    around.heard,
  )

export const lines = (...all: readonly string[]): string => all.map((one) => `${one}\n`).join('')

/** Persistent pages by pool and node: what putting back has to bring back. */
export const persistentOf = (kernel: FakeKernel): readonly string[] => {
  const files = kernel.snapshot()
  return Object.keys(files)
    .filter((path) => path.endsWith('/surplus_hugepages'))
    .map((path) => {
      const directory = path.slice(0, -'/surplus_hugepages'.length)
      const pages = Number(files[`${directory}/nr_hugepages`]) - Number(files[path])
      return `${shortPath(`${directory}/`)}${pages}`
    })
}
