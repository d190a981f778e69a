import t from 'tap'
import type { ConfiguredPool } from '../../../src/model/config/configuration.ts'
import { demoteSizeItems } from '../../../src/model/config/demote-size-items.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const machine = machineOf(
  [poolOf(M / 16n), poolOf(2n * M, { demoteSize: M / 16n }), poolOf(G, { demoteSize: 2n * M })],
  [nodeOf(0, G)],
)

const items = (size: bigint, to: bigint | undefined, extra: Partial<ConfiguredPool> = {}) =>
  demoteSizeItems(machine, [
    {
      size,
      essential: true,
      optional: false,
      boot: false,
      ...(to !== undefined && { demoteSize: to }),
      ...extra,
    },
  ])

const named = {
  attribute: 'demote-size',
  size: G,
  key: 'pools.1G.demote-size',
  essential: true,
}

t.test('as wanted, otherwise, and not asked for', async (t) => {
  t.strictSame(items(G, undefined), [])
  t.strictSame(items(G, 2n * M), [
    { item: { ...named, wanted: { bytes: 2n * M }, found: { bytes: 2n * M }, state: 'ok' } },
  ])
  t.strictSame(items(G, M / 16n), [
    {
      item: {
        ...named,
        wanted: { bytes: M / 16n },
        found: { bytes: 2n * M },
        state: 'drift',
        why: 'they are split into 2M',
        planned: true,
      },
      step: {
        size: G,
        path: '/sys/kernel/mm/hugepages/hugepages-1048576kB/demote_size',
        before: 2n * M,
        requested: M / 16n,
      },
    },
  ])
})

t.test('what is not there', async (t) => {
  const [none] = items(16n * M, 2n * M)
  t.strictSame(none, {
    item: {
      ...named,
      size: 16n * M,
      key: 'pools.16M.demote-size',
      wanted: { bytes: 2n * M },
      state: 'missing',
      why: 'there are no 16M pages here',
      reason: 'no-size',
      hints: ['this machine has 64K, 2M, 1G'],
      lacks: true,
    },
  })
  t.hasStrict(items(M / 16n, M / 32n)[0]?.item, { state: 'short', reason: 'no-feature' })
  t.hasStrict(items(16n * M, 2n * M, { optional: true }), [
    { item: { state: 'ok', why: 'optional: there are no 16M pages here' } },
  ])
  t.hasStrict(items(M / 16n, M / 32n, { optional: true })[0]?.item, { state: 'short' })
})
