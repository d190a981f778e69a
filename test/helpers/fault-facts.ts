import type { FaultFacts } from '../../src/model/mapping/reasons/fault-facts.ts'
import type { NodePool, Pool } from '../../src/model/pools/machine.ts'
import { type CgroupLimit, noLimits } from '../../src/model/processes/cgroup-limit.ts'
import { present } from '../../src/model/words/present.ts'
import { small } from './mapping-plan.ts'
import * as fc from './property.ts'
import { poolOf } from './run.ts'
import { G, M } from './sizes.ts'

/** Three pages of 2M are still wanted of a pool that has ten free ones, and nothing forbids it. */
export const around = (rest: Partial<FaultFacts> = {}): FaultFacts => ({
  size: 2n * M,
  pool: small,
  noreserve: false,
  wanted: 3n,
  limits: noLimits,
  canOvercommit: true,
  isSpaceLimited: true,
  ...rest,
})

/** No page is free. */
export const empty = (rest: Partial<Pool> = {}): Pool => ({
  ...small,
  free: 0n,
  nodes: small.nodes.map((node) => ({ ...node, free: 0n })),
  ...rest,
})

export const cgroupLimit = (rest: Partial<CgroupLimit> = {}): CgroupLimit => {
  const { group = '/jobs', file = 'hugetlb.2MB.max' } = rest
  const path = `/sys/fs/cgroup${group}/${file}`
  return { group, file, path, max: 4n * M, current: 4n * M, ...rest }
}

/** The hint that raises a limit of a cgroup to so many bytes. */
export const raisedTo = (bytes: bigint, place = 'jobs/hugetlb.2MB.max'): string =>
  `'echo ${bytes} > /sys/fs/cgroup/${place}' lets it have them`

const few = fc.bigInt({ min: 0n, max: 20n })

const nodePools: fc.Arbitrary<readonly NodePool[]> = fc
  .subarray([0, 1, 3])
  .chain((ids) =>
    fc.tuple(
      ...ids.map((node) =>
        fc
          .record({ free: few, used: few, surplus: few })
          .map(({ free, used, surplus }) => ({ node, total: free + used, free, surplus })),
      ),
    ),
  )

const pools: fc.Arbitrary<Pool> = fc
  .record({
    nodes: nodePools,
    size: fc.constantFrom(2n * M, G),
    overcommit: few,
    reserved: fc.bigInt({ min: -3n, max: 20n }),
  })
  .map(({ nodes, size, ...rest }) => {
    const sum = (name: 'total' | 'free' | 'surplus') =>
      nodes.reduce((pages, node) => pages + node[name], 0n)
    const counters = { total: sum('total'), free: sum('free'), surplus: sum('surplus') }
    return poolOf(size, { ...rest, ...counters, nodes })
  })

const limitLists = fc.array(
  fc.record({
    group: fc.constantFrom('/', '/jobs', '/jobs/one'),
    file: fc.constantFrom('hugetlb.2MB.max', 'memory.max'),
    path: fc.constantFrom('/sys/fs/cgroup/x', '/cg/y'),
    max: fc.bigInt({ min: 0n, max: 8n * G }),
    // A limit that was lowered leaves more in use than it allows.
    current: fc.bigInt({ min: 0n, max: 9n * G }),
  }),
  { maxLength: 2 },
)

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })

const bytes = fc.bigInt({ min: 0n, max: 64n * G })

/** Whatever can be seen of a machine. */
export const anywhere: fc.Arbitrary<FaultFacts> = fc
  .record({
    pool: pools,
    noreserve: fc.boolean(),
    canOvercommit: fc.boolean(),
    isSpaceLimited: fc.boolean(),
    memory: maybe(bytes),
    wanted: fc.bigInt({ min: 1n, max: 60n }),
    policy: maybe(
      fc.record({
        mode: fc.constantFrom('bind' as const, 'interleave' as const),
        nodes: fc.subarray([0, 1, 3], { minLength: 1 }),
      }),
    ),
    allowedNodes: maybe(fc.subarray([0, 1, 3], { minLength: 1 })),
    limits: fc.record({ pages: limitLists, reserved: limitLists, memory: limitLists }),
    mount: maybe(
      fc
        .record({ free: maybe(bytes), least: maybe(bytes) })
        .map((room) => ({ target: '/mnt/huge', ...present(room) })),
    ),
    file: maybe(fc.record({ bytes, needed: bytes })),
  })
  .map(({ pool, noreserve, canOvercommit, isSpaceLimited, wanted, limits, ...rest }) => ({
    size: pool.size,
    pool,
    noreserve,
    canOvercommit,
    isSpaceLimited,
    wanted,
    limits,
    ...present(rest),
  }))
