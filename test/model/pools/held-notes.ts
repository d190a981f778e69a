import t from 'tap'
import {
  allowedNotes,
  heldNotes,
  policyNotes,
  surplusNotes,
} from '../../../src/model/pools/held-notes.ts'
import type { Pool } from '../../../src/model/pools/machine.ts'
import { poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const shrink = (pool: Partial<Pool>, before: bigint, requested: bigint, node?: number) => ({
  pool: poolOf(2n * M, pool),
  count: { kind: 'pages', sign: '', pages: requested } as const,
  before,
  requested,
  keepsSurplus: false,
  ...(node !== undefined && { node }),
})

t.test('what a shrink turns into surplus does not come back to who restarts', async (t) => {
  const rest =
    'they leave the pool when they are freed, and a program that ends cannot get them again'
  t.strictSame(heldNotes(shrink({ total: 100n, free: 36n }, 100n, 0n)), [
    `2M: 64 pages are in use: as surplus ${rest}`,
  ])
  t.strictSame(heldNotes(shrink({ total: 100n, free: 36n }, 100n, 60n)), [
    `2M: 4 pages are in use: as surplus ${rest}`,
  ])
  t.strictSame(heldNotes(shrink({ total: 9n, free: 9n, reserved: 1n }, 9n, 0n)), [
    '2M: 1 page is in use or reserved: as surplus it leaves the pool when it is freed, and a program that ends cannot get it again',
  ])
  t.strictSame(heldNotes(shrink({ total: 74n, surplus: 10n }, 64n, 0n)), [
    `2M: 74 pages are in use: as surplus ${rest}`,
  ])
  const nodes = [{ node: 1, total: 5n, free: 2n, surplus: 0n }]
  t.strictSame(heldNotes(shrink({ total: 5n, free: 2n, nodes }, 5n, 1n, 1)), [
    `2M on node 1: 2 pages are in use: as surplus ${rest}`,
  ])
})

t.test('it is said again when the same is asked for again', async (t) => {
  t.strictSame(heldNotes(shrink({ total: 3n, surplus: 3n }, 0n, 0n)), [
    '2M: 3 pages are in use: as surplus they leave the pool when they are freed, and a program that ends cannot get them again',
  ])
  t.strictSame(heldNotes(shrink({ total: 3n, surplus: 3n }, 0n, 2n)), [], 'a growth')
})

t.test('a dry run says what overcommit allows, too', async (t) => {
  const pool = { total: 5n, free: 2n, overcommit: 3n }
  t.strictSame(allowedNotes(shrink(pool, 5n, 0n)), [
    '2M: 3 pages are in use: as surplus, which overcommit allows, they leave the pool when they are freed',
  ])
  t.match(allowedNotes(shrink(pool, 5n, 2n)), [/1 page is in use: as surplus, .* it leaves/])
  t.strictSame(allowedNotes(shrink({ ...pool, overcommit: 2n }, 5n, 0n)), [], 'not allowed')
  t.strictSame(allowedNotes(shrink(pool, 5n, 3n)), [], 'all stay')
  t.strictSame(allowedNotes(shrink(pool, 5n, 6n)), [], 'it grows')
})

t.test('nothing is said where nothing is lost', async (t) => {
  t.strictSame(heldNotes(shrink({ total: 100n, free: 36n }, 100n, 64n)), [], 'all stay')
  t.strictSame(heldNotes(shrink({ total: 100n, free: 100n }, 100n, 0n)), [], 'none is in use')
  t.strictSame(heldNotes(shrink({ total: 4n }, 4n, 9n)), [], 'it grows')
  const allowed = { total: 100n, free: 36n, overcommit: 64n }
  t.strictSame(heldNotes(shrink(allowed, 100n, 0n)), [], 'overcommit gives them again')
  t.equal(heldNotes(shrink({ ...allowed, overcommit: 63n }, 100n, 0n)).length, 1)
})

t.test('overcommit below the surplus there is', async (t) => {
  const pool = poolOf(2n * M, { total: 76n, surplus: 76n, overcommit: 100n })
  t.strictSame(surplusNotes(pool, 0n), [
    '2M: 76 surplus pages are above that: they leave the pool when they are freed, and a program that ends cannot get them again',
  ])
  t.match(surplusNotes(pool, 75n), [/^2M: 1 surplus page is above that: it leaves/])
  t.strictSame(surplusNotes(pool, 76n), [])
  t.match(surplusNotes({ ...pool, overcommit: 10n }, 20n), [/^2M: 56 surplus pages are above/])
  t.match(surplusNotes({ ...pool, overcommit: 0n }, 0n), [/^2M: 76 surplus/], 'and said again')
})

t.test('under a policy only what its nodes hold becomes surplus', async (t) => {
  const pool = { total: 20n, free: 10n, reserved: 3n }
  const onNode = (free: bigint, requested = 0n) => ({
    ...shrink(pool, 20n, 1n),
    ofPolicy: { total: 8n, free, surplus: 0n, requested, on: [1] },
  })
  const rest =
    'they leave the pool when they are freed, and a program that ends cannot get them again'
  t.strictSame(heldNotes(onNode(6n)), [
    `2M on node 1: 2 pages are in use or reserved: as surplus ${rest}`,
  ])
  t.strictSame(heldNotes(onNode(6n, 2n)), [], 'as many remain')
  t.match(heldNotes(onNode(8n)), [/1 page is in use or reserved/], 'a page of 3 reserved ones')
})

t.test('a policy leaves the pages of other nodes alone', async (t) => {
  const nodes = [
    { node: 0, total: 2n, free: 2n, surplus: 0n },
    { node: 1, total: 9n, free: 9n, surplus: 1n },
    { node: 2, total: 0n, free: 0n, surplus: 0n },
  ]
  const policy = { mode: 'bind', nodes: [0] } as const
  const pool = { total: 11n, free: 11n, surplus: 1n, nodes }
  t.strictSame(policyNotes(shrink(pool, 10n, 1n), policy), [
    '2M: 8 pages are on node 1, which the policy leaves alone: no fewer will remain',
  ])
  t.strictSame(policyNotes(shrink(pool, 10n, 8n), policy), [])
  t.strictSame(policyNotes(shrink(pool, 10n, 1n), undefined), [])
  t.strictSame(policyNotes(shrink(pool, 10n, 11n), policy), [])
})
