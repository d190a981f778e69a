import t from 'tap'
import { forecastReservations } from '../../../src/model/doctor/reservation-forecast.ts'
import type { FaultFacts } from '../../../src/model/mapping/reasons/fault-facts.ts'
import { noLimits } from '../../../src/model/processes/cgroup-limit.ts'

const facts: FaultFacts = {
  size: 2n ** 21n,
  pool: {
    size: 2n ** 21n,
    total: 8n,
    free: 8n,
    surplus: 0n,
    reserved: 2n,
    overcommit: 3n,
    nodes: [
      { node: 0, total: 4n, free: 4n, surplus: 0n },
      { node: 1, total: 4n, free: 4n, surplus: 0n },
    ],
    settled: true,
  },
  noreserve: false,
  wanted: 6n,
  limits: noLimits,
  isSpaceLimited: false,
  canOvercommit: true,
}

const bind = { mode: 'bind', nodes: [1] } as const

t.test('what is not available is surplus, as far as overcommit goes', async (t) => {
  t.strictSame(forecastReservations(facts), { missing: 0n, surplus: 0n, lacks: [] })
  t.strictSame(forecastReservations({ ...facts, wanted: 8n }), {
    missing: 0n,
    surplus: 2n,
    lacks: [],
  })
  t.strictSame(forecastReservations({ ...facts, wanted: 11n }), {
    missing: 2n,
    surplus: 3n,
    lacks: [],
  })
})

t.test('a bound mapping needs the free pages of its nodes', async (t) => {
  t.strictSame(forecastReservations({ ...facts, policy: bind, wanted: 4n }).lacks, [])
  t.strictSame(forecastReservations({ ...facts, policy: bind, wanted: 5n }), {
    missing: 0n,
    surplus: 0n,
    lacks: [{ nodes: [1], has: 4n, missing: 1n }],
  })
  const later = [{ pages: 3n, policy: bind }]
  t.strictSame(forecastReservations({ ...facts, policy: bind, wanted: 2n, later }).lacks, [
    { nodes: [1], has: 2n, missing: 1n },
  ])
})

t.test('without a reservation the rest is made on the nodes', async (t) => {
  const bound = { ...facts, noreserve: true, policy: bind }
  t.strictSame(forecastReservations({ ...bound, wanted: 7n }), {
    missing: 0n,
    surplus: 3n,
    lacks: [],
  })
  t.strictSame(forecastReservations({ ...bound, wanted: 8n }).lacks, [
    { nodes: [1], has: 7n, missing: 1n },
  ])
})

t.test('where the kernel shows no nodes the pool alone counts', async (t) => {
  const whole = { ...facts, pool: { ...facts.pool, nodes: [] } }
  for (const noreserve of [false, true]) {
    const of = (wanted: bigint) => forecastReservations({ ...whole, noreserve, wanted })
    t.strictSame(of(6n), { missing: 0n, surplus: 0n, lacks: [] })
    t.strictSame(of(10n), { missing: 1n, surplus: 3n, lacks: [] })
  }
})

t.test('without a reservation no page comes from a node that has none', async (t) => {
  const [first] = facts.pool.nodes
  const nodes = [{ node: 0, total: 4n, surplus: 0n, ...first, free: 1n }]
  const some = { ...facts, noreserve: true, pool: { ...facts.pool, nodes } }
  t.strictSame(forecastReservations({ ...some, wanted: 3n }), {
    missing: 0n,
    surplus: 2n,
    lacks: [],
  })
})

t.test('copies are wanted a second time, without a reservation', async (t) => {
  t.strictSame(forecastReservations({ ...facts, wanted: 4n }, 1), {
    missing: 0n,
    surplus: 2n,
    lacks: [],
  })
  t.strictSame(forecastReservations({ ...facts, wanted: 5n }, 1), {
    missing: 1n,
    surplus: 3n,
    lacks: [],
  })
})
