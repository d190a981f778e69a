import { HugepoolError } from '../../src/errors.ts'
import { directoryTree } from '../../src/kernel/tree.ts'
import type {
  Configuration,
  ConfiguredMount,
  ConfiguredPages,
  ConfiguredPool,
} from '../../src/model/config/configuration.ts'
import { flagWords } from '../../src/model/mounts/mount-flags.ts'
import type { MountLimit } from '../../src/model/mounts/mount-limit.ts'
import { ascending, largestNumber } from '../../src/model/words/bytes.ts'
import { type Count, roundings } from '../../src/model/words/count.ts'
import type { PageSize } from '../../src/model/words/page-size.ts'
import { present } from '../../src/model/words/present.ts'
import { readConfiguration } from '../../src/operations/config/read-configuration.ts'
import { awkwardTargets } from './persist.ts'
import * as fc from './property.ts'

/** What a configuration says, without where it says it. */
export type Said = Omit<Configuration, 'files' | 'skipped' | 'positions'>

export const said = ({ files, skipped, positions, ...rest }: Configuration): Said => rest

/** Reads one text, on a machine of which nothing is asked. */
export const readText = (text: string): Configuration =>
  readConfiguration(
    { tree: directoryTree('/nonexistent') },
    { from: 'text', text, name: 'config.toml' },
  )

/** What is wrong with a text or a file, one line for each fault with its hint. */
export const faultsIn = (act: () => unknown): readonly string[] => {
  try {
    act()
    return []
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    const { code, message, hint, details } = error
    if (code !== 'E_CONFIG') throw error
    const all = (details.reasons ?? [{ message, hint }]) as readonly {
      message: string
      hint?: string
    }[]
    return all.map((fault) => [fault.message, fault.hint].filter(Boolean).join(' | '))
  }
}

/** An object like any other: those of fast-check have no prototype. */
const record = <T>(model: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>

const counts = (size: PageSize): fc.Arbitrary<Count> =>
  fc.oneof(
    record({
      kind: fc.constant('pages' as const),
      sign: fc.constant('' as const),
      pages: fc.bigInt(0n, largestNumber),
    }),
    fc
      .bigInt(0n, largestNumber / size)
      .map((pages) => ({ kind: 'memory', sign: '', bytes: pages * size }) as const),
  )

const pagesOf = (size: PageSize): fc.Arbitrary<ConfiguredPages> =>
  record({
    counts: fc.oneof(
      counts(size),
      fc.uniqueArray(record({ node: fc.integer({ min: 0, max: 1023 }), count: counts(size) }), {
        minLength: 1,
        maxLength: 4,
        selector: ({ node }) => node,
      }),
    ),
    atLeast: fc.boolean(),
  })

/** Powers of two: 8K is the least. */
const sizes = fc.integer({ min: 13, max: 40 }).map((power) => 2n ** BigInt(power))

const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

const pools: fc.Arbitrary<ConfiguredPool> = sizes.chain((size) =>
  record({
    size: fc.constant(size),
    pages: perhaps(pagesOf(size)),
    overcommit: perhaps(counts(size)),
    demoteSize: perhaps(sizes.filter((smaller) => smaller < size || size === 2n ** 13n)),
    essential: fc.boolean(),
    optional: fc.boolean(),
    boot: fc.boolean(),
  })
    .map((pool) => present(pool.demoteSize === size ? { ...pool, demoteSize: undefined } : pool))
    .map((pool) => (size === 2n ** 13n ? present({ ...pool, demoteSize: undefined }) : pool)),
)

const owners = fc.oneof(
  fc.constantFrom('dpdk', 'hugeusers', 'b\u00e4r', 'user$', "o'neill", 'a"b', 'a\\b'),
  fc.integer({ min: 0, max: 2 ** 32 - 2 }).map(String),
)

const limits = (size: PageSize): fc.Arbitrary<MountLimit> =>
  fc.oneof(
    fc.bigInt(0n, 999999n).map((percent) => ({ kind: 'percent', percent }) as const),
    fc
      .bigInt(1n, largestNumber / size)
      .map((pages) => ({ kind: 'memory', bytes: pages * size }) as const),
  )

const rounded = (limit: MountLimit | undefined, round: (typeof roundings)[number] | undefined) =>
  limit?.kind === 'memory' && round !== undefined ? { ...limit, round } : limit

/** The larger limit becomes the size where both are amounts. */
const inOrder = (one: MountLimit | undefined, other: MountLimit | undefined) =>
  one?.kind === 'memory' && other?.kind === 'memory' && other.bytes > one.bytes
    ? ([other, one] as const)
    : ([one, other] as const)

const mounts: fc.Arbitrary<ConfiguredMount> = sizes.chain((pageSize) =>
  record({
    target: fc.oneof(
      fc.constantFrom(...awkwardTargets),
      fc.constantFrom('/mnt/1', '/a.b', '/"', '/\n'),
    ),
    limits: fc.tuple(perhaps(limits(pageSize)), perhaps(limits(pageSize))),
    round: perhaps(fc.constantFrom(...roundings)),
    inodes: perhaps(fc.bigInt(2n, largestNumber)),
    user: perhaps(owners),
    group: perhaps(owners),
    mode: perhaps(
      fc.integer({ min: 0, max: 0o1777 }).map((mode) => mode.toString(8).padStart(4, '0')),
    ),
    words: fc.subarray([...flagWords]),
    mkdir: fc.boolean(),
    over: fc.boolean(),
  }).map(({ limits: [one, other], round, words, mkdir, over, target, ...rest }) => {
    const [size, minSize] = inOrder(one, other)
    const ofLimits = { size: rounded(size, round), minSize: rounded(minSize, round) }
    const request = { ...rest, ...ofLimits, target, pageSize, flagWords: words.join(',') }
    return { request: present(request), mkdir, over }
  }),
)

/** Any configuration, as it is read of files. */
export const configurations: fc.Arbitrary<Said> = record({
  pools: fc.uniqueArray(pools, { maxLength: 4, selector: ({ size }) => size }),
  mounts: fc.uniqueArray(mounts, { maxLength: 4, selector: ({ request }) => request.target }),
  boot: record({
    defaultPageSize: perhaps(sizes),
    freeVmemmap: perhaps(fc.boolean()),
    cma: perhaps(fc.constantFrom('2G', '0:1G,1:512M', '0')),
  }).map(present),
  tune: record({ shmGroup: perhaps(owners) }).map(present),
  leave: perhaps(fc.bigInt(0n, largestNumber)),
}).map((all) =>
  present({
    ...all,
    pools: all.pools.sort((one, other) => ascending(other.size, one.size)),
    mounts: all.mounts.sort((one, other) => (one.request.target < other.request.target ? -1 : 1)),
  }),
)
