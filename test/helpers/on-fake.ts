import fc from 'fast-check'
import type { StopSignal } from '../../src/errors.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import type { Mapper } from '../../src/kernel/mapping/mapper.ts'
import type { Native } from '../../src/kernel/native/native.ts'
import { main } from '../../src/main.ts'
import type { SignalNotes } from '../../src/output/streams.ts'
import type { Action, Cells, Subject } from './counters-table.ts'
import { fakeClock } from './fake-clock.ts'
import { type FakeKernel, fakeKernel, type Mapping } from './fake-kernel/fake-kernel.ts'
import type { Result } from './run.ts'
import { G, M } from './sizes.ts'

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

const none = (): never => {
  throw new Error('this test has no such call')
}

/** Native calls of which a test gives those that it expects. */
export const nativeWith = (calls: Partial<Native>): Native => ({
  flock: none,
  setMempolicy: none,
  getMempolicy: none,
  fsopen: none,
  fsconfig: none,
  fsmount: none,
  moveMount: none,
  mount: none,
  umount: none,
  map: none,
  attachSegment: none,
  memfd: none,
  canPopulate: none,
  endWithParent: none,
  ...calls,
})

/** The policy of a thread as set_mempolicy(2) keeps it: mode 0 is the default one. */
export const nativeOf = (kernel: FakeKernel, calls: string[] = []): Native => {
  let policy: ReturnType<Native['getMempolicy']> = { mode: 0, nodes: [] }
  return nativeWith({
    setMempolicy: (mode, nodes) => {
      calls.push(`${mode}:${nodes.join(',')}`)
      policy = { mode, nodes }
      kernel.policy = mode === 0 ? undefined : nodes
    },
    getMempolicy: () => policy,
  })
}

export interface Circumstances {
  readonly native?: Native
  readonly mapper?: Mapper
  readonly clock?: Clock
  readonly watchSignals?: () => SignalNotes
  /** Whether stderr is a terminal; stdout is none. */
  readonly terminal?: boolean
}

/** A signal that comes during the n-th write. */
export const signalDuringWrite = (
  kernel: FakeKernel,
  nth: number,
  signal: StopSignal = 'SIGINT',
): Required<Pick<Circumstances, 'watchSignals'>> => ({
  watchSignals: () => ({
    pending: () => (kernel.writes.length >= nth ? signal : undefined),
    end: () => {},
  }),
})

/** Runs a command line, its words divided by single spaces, on a fake kernel. */
export const onFake = async (
  kernel: FakeKernel,
  line: string,
  around: Circumstances = {},
): Promise<Result> => {
  const said = { stdout: '', stderr: '' }
  const status = await main(line.split(' '), {
    streams: {
      out: (text) => {
        said.stdout += text
      },
      err: (text) => {
        said.stderr += text
      },
      outIsTerminal: false,
      errIsTerminal: around.terminal ?? false,
      environment: {},
    },
    loadNative: () => {
      throw new Error('no test on a fake kernel may load the addon')
    },
    tree: kernel,
    native: around.native ?? nativeOf(kernel),
    ...(around.mapper && { mapper: around.mapper }),
    clock: around.clock ?? fakeClock(),
    watchSignals: around.watchSignals ?? (() => ({ pending: () => undefined, end: () => {} })),
  })
  return { status, ...said }
}

/** A machine with up to three nodes, pools, and processes that use them. */
export interface Recipe {
  readonly release: string
  /** MiB of memory by node; 0 for one without memory. */
  readonly memory: readonly number[]
  /** Persistent pages on the nodes that have memory, by page size. */
  readonly small: readonly number[]
  readonly gigantic: readonly number[]
  readonly overcommit: number
  readonly mappings: readonly { readonly large: boolean; readonly pages: number; touch: number }[]
}

const byNode = ({ memory }: Recipe, pages: readonly number[]): Record<number, bigint> =>
  Object.fromEntries(memory.map((bytes, id) => [id, bytes > 0 ? BigInt(pages[id] ?? 0) : 0n]))

/** Builds the machine of a recipe: twice the same one. A mapping that does not fit is left out. */
export const cook = (recipe: Recipe): FakeKernel => {
  const kernel = fakeKernel({
    release: recipe.release,
    nodes: recipe.memory.map((size, id) => ({ id, memory: BigInt(size) * M })),
    pools: [
      {
        size: 2n * M,
        persistent: byNode(recipe, recipe.small),
        overcommit: BigInt(recipe.overcommit),
      },
      { size: G, persistent: byNode(recipe, recipe.gigantic) },
    ],
  })
  for (const { large, pages, touch } of recipe.mappings) {
    try {
      kernel.map(large ? G : 2n * M, BigInt(pages)).touch(BigInt(Math.min(touch, pages)))
    } catch {}
  }
  return kernel
}

const upTo = (max: number) => fc.nat({ max })
const threeOf = (max: number) => fc.array(upTo(max), { minLength: 3, maxLength: 3 })

/** Machines of one to three nodes, of which the last may be without memory. */
export const recipes: fc.Arbitrary<Recipe> = fc.record({
  release: fc.constantFrom('5.10', '6.1', '6.12', '6.19', '7.0'),
  memory: fc.constantFrom([4096], [4096, 6144], [4096, 4096, 0], [4096, 8192, 4096], [4096, 0]),
  small: threeOf(9),
  gigantic: threeOf(3),
  overcommit: upTo(6),
  mappings: fc.array(fc.record({ large: fc.boolean(), pages: upTo(6), touch: upTo(6) }), {
    maxLength: 3,
  }),
})

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
