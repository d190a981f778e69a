import {
  type MappingReading,
  readingOf,
  type StepKind,
} from '../../src/model/mapping/mapping-reading.ts'
import type { MappingResult } from '../../src/model/mapping/mapping-result.ts'
import type { Pool } from '../../src/model/pools/machine.ts'
import { planOf, small } from './mapping-plan.ts'

const twoNodes: Pool = { ...small, nodes: small.nodes.slice(0, 2) }

const mapped: Pool = { ...twoNodes, reserved: 4n }

/** Four pages were faulted in, three of them on node 0. */
const touched: Pool = {
  ...twoNodes,
  free: 6n,
  nodes: twoNodes.nodes.map((one) => ({ ...one, free: 3n })),
}

/** A test of four pages, on a pool with the given nodes. */
export const stepsOn = (count: number): readonly MappingReading[] => {
  const seen: readonly (readonly [StepKind, bigint, Pool, string])[] = [
    ['start', 0n, twoNodes, '10 available'],
    ['map', 0n, mapped, 'reserved 4 of 10 available'],
    ['touch', 4n, touched, '4 pages faulted in: 3 on node 0, 1 on node 1'],
    ['unmap', 4n, twoNodes, 'all pages and reservations came back'],
  ]
  const on = (pool: Pool): Pool => ({ ...pool, nodes: pool.nodes.slice(0, count) })
  return seen.map(([kind, pages, pool, words], at) => {
    const before = seen[at - 1]?.[2]
    return readingOf(kind, pages, before && on(before), on(pool), words)
  })
}

/** What came of it. */
export const resultOf = (rest: Partial<MappingResult> = {}): MappingResult => ({
  plan: planOf('2M=4'),
  outcome: 'done',
  readings: stepsOn(2),
  placed: [
    { node: 0, pages: 3n },
    { node: 1, pages: 1n },
  ],
  processes: [],
  words: [],
  advice: [],
  ...rest,
})
