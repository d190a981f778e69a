import t from 'tap'
import type { ConfiguredPages } from '../../../src/model/config/configuration.ts'
import { lastingKeys, lastingPools } from '../../../src/model/config/lasting-pools.ts'
import type { Machine } from '../../../src/model/pools/machine.ts'
import type { RequestedSetting } from '../../../src/model/pools/pool-plan.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const counters = { free: 0n, surplus: 0n }
const pool2M = poolOf(2n * M, {
  total: 12n,
  surplus: 2n,
  nodes: [
    { node: 0, total: 5n, ...counters },
    { node: 1, total: 7n, free: 0n, surplus: 2n },
  ],
})
/** Node 2 has no memory, and no directory of the pool, as before 6.1. */
const machine: Machine = machineOf(
  [pool2M, poolOf(G)],
  [nodeOf(0, 4n * G), nodeOf(1, 4n * G), nodeOf(2, 0n)],
)

const asked = (requested: bigint, node?: number, size = 2n * M): RequestedSetting => ({
  size,
  attribute: 'persistent',
  requested,
  ...(node === undefined ? {} : { node }),
})

const pages = (count: bigint) => ({ kind: 'pages', sign: '', pages: count }) as const
const none = () => undefined

const written = (settings: readonly RequestedSetting[], before: ConfiguredPages | undefined) =>
  lastingKeys(lastingPools(machine, settings, () => before)).map(
    ({ key, value }) => `${key}=${value}`,
  )

t.test('a number is written as it was asked for', async (t) => {
  t.strictSame(lastingPools(machine, [asked(64n)], none), [
    { size: 2n * M, pages: { counts: pages(64n), atLeast: false } },
  ])
  t.strictSame(written([{ ...asked(64n), planned: 3n }], undefined), ['pools.2M.pages=64'])
  t.strictSame(written([asked(0n), asked(3n, undefined, G)], undefined), [
    'pools.2M.pages=0',
    'pools.1G.pages=3',
  ])
})

t.test('nodes are completed to the whole pool', async (t) => {
  t.strictSame(lastingPools(machine, [asked(64n, 0)], none), [
    {
      size: 2n * M,
      pages: {
        counts: [
          { node: 0, count: pages(64n) },
          { node: 1, count: pages(5n) },
        ],
        atLeast: false,
      },
    },
  ])
  t.strictSame(written([asked(1n, 1), asked(2n, 0)], undefined), ['pools.2M.pages=0:2,1:1'])
  t.strictSame(written([asked(0n, 2)], undefined), ['pools.2M.pages=0:5,1:5,2:0'])
  t.strictSame(written([asked(1n, 1, G)], undefined), ['pools.1G.pages=0:0,1:1'])
})

t.test('what a configuration named for other nodes stays', async (t) => {
  const before: ConfiguredPages = {
    counts: [{ node: 1, count: { kind: 'memory', sign: '', bytes: G } }],
    atLeast: false,
  }
  t.strictSame(written([asked(64n, 0)], before), ['pools.2M.pages=0:64,1:1G'])
  t.strictSame(written([asked(64n, 1)], before), ['pools.2M.pages=0:0,1:64'])
  t.strictSame(written([asked(64n)], before), ['pools.2M.pages=64'])
  const total: ConfiguredPages = { counts: pages(100n), atLeast: true }
  t.strictSame(written([asked(64n, 0)], total), ['pools.2M.pages=0:64,1:5'])
})

t.test('overcommit stands beside', async (t) => {
  const overcommit: RequestedSetting = { size: 2n * M, attribute: 'overcommit', requested: 7n }
  t.strictSame(lastingPools(machine, [overcommit], none), [{ size: 2n * M, overcommit: pages(7n) }])
  t.strictSame(written([overcommit, asked(3n)], undefined), [
    'pools.2M.pages=3',
    'pools.2M.overcommit=7',
  ])
  t.strictSame(written([], undefined), [])
})
